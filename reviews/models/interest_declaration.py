"""What assessors declare before they read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from reviews.enums import InterestOrigin


class InterestDeclaration(models.Model):
    """A declaration of personal interests in one application (persoonlijk belang, rule 14).

    The last one of a person is valid. A measure grants access in spite of an interest.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="interest_declarations"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interest_declarations"
    )
    has_interest = models.BooleanField(_("has an interest"))
    origin = models.CharField(
        _("origin"), max_length=10, choices=InterestOrigin, default=InterestOrigin.DECLARED
    )
    explanation = models.TextField(_("explanation"), max_length=1000, blank=True)
    declared_at = models.DateTimeField(_("declared at"))
    replaced_at = models.DateTimeField(null=True)
    measure = models.TextField(_("measure"), max_length=1000, blank=True)
    measure_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("measure by"),
    )
    measure_at = models.DateTimeField(_("measure recorded at"), null=True)
    # The chair took note of it, and it needs nothing: it stays closed, and is listed no more.
    put_aside_because = models.TextField(max_length=1000, blank=True, default="", db_default="")
    put_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    put_aside_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        indexes: ClassVar = [
            models.Index(
                fields=["application"],
                condition=Q(has_interest=True, replaced_at=None),
                name="interest_that_counts",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="interest_declaration_one_that_counts",
                fields=["application", "user"],
                condition=Q(replaced_at=None),
            ),
            models.CheckConstraint(
                name="interest_is_explained", condition=Q(has_interest=False) | ~Q(explanation="")
            ),
            models.CheckConstraint(
                name="measure_has_author_and_moment",
                condition=Q(measure="", measure_by=None, measure_at=None)
                | (~Q(measure="") & Q(measure_by__isnull=False, measure_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="interest_put_aside_by_somebody_with_a_reason",
                condition=Q(put_aside_because="", put_aside_by=None, put_aside_at=None)
                | (~Q(put_aside_because="") & Q(put_aside_by__isnull=False, put_aside_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="interest_never_put_aside_by_the_person_concerned",
                condition=Q(put_aside_by=None) | ~Q(put_aside_by=F("user")),
            ),
            models.CheckConstraint(
                name="measure_never_by_the_person_concerned",
                condition=Q(measure_by=None) | ~Q(measure_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.application_id}"
