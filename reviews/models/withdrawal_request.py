"""What reviewers ask the chair, before they take back a review after they could see those of others (rule 30)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.models.review import Review


class WithdrawalRequest(models.Model):
    """A reviewer's request to take a complete review back (verzoek om een beoordeling terug te nemen)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="withdrawal_requests")
    reason = models.TextField(_("reason"), max_length=2000)
    asked_at = models.DateTimeField(_("asked at"))
    is_allowed = models.BooleanField(_("allowed"), null=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("request to take a review back")
        verbose_name_plural = _("requests to take a review back")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="withdrawal_request_one_unanswered", fields=["review"], condition=Q(answered_at=None)
            ),
            models.CheckConstraint(name="withdrawal_request_is_explained", condition=~Q(reason="")),
            models.CheckConstraint(
                name="withdrawal_request_answered_by_somebody",
                condition=Q(is_allowed=None, answer="", answered_by=None, answered_at=None)
                | (
                    Q(is_allowed__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} on review {self.review_id}"
