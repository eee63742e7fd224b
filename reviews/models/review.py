"""Reviews and their scores."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models import Criterion
from reviews.enums import ReviewStatus
from reviews.models.assignment import Assignment


class Review(models.Model):
    """The review of one application by one reviewer (beoordeling)."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.DRAFT)
    remark = models.TextField(_("general remark"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved at"))
    completed_at = models.DateTimeField(_("completed at"), null=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="review_complete_has_its_moment",
                condition=Q(status="draft", completed_at=None)
                | Q(status="complete", completed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"review {self.assignment_id}: {self.status}"


class Score(models.Model):
    """A score with its reason on one criterion (score); never altered once the review is complete (rule 17)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("score"), null=True)
    reason = models.TextField(_("reason"), max_length=3000, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering: ClassVar = ["criterion__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="score_once_per_criterion", fields=["review", "criterion"])
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"

    @property
    def earlier(self) -> list[dict[str, Any]]:
        """Return value and reason of each time that the review was taken back, oldest first."""
        kept = (each.scores.get(self.criterion.key) for each in self.review.withdrawals.all())
        return [each for each in kept if each is not None]
