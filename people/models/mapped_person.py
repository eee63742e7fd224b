"""People who may take part in a region."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from regions.models import Region


class MappedPerson(models.Model):
    """Somebody who may take part in a region (mens op de kaart), for its kwartiermakers alone (rule 23).

    Until they agreed there is a name and how to reach them, for asking. All of it is erased at ``kept_until``.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    knowledge = models.TextField(max_length=2000, blank=True)
    subjects = models.CharField(max_length=300, blank=True)
    # For whom they speak; for themselves where both are empty.
    group = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    # The last consent; none while they are being asked.
    consented_at = models.DateTimeField(null=True, editable=False)
    kept_until = models.DateTimeField(editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    # What the page chose when somebody was added: a second click with the same adds nobody.
    added_with = models.UUIDField(null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    added_at = models.DateTimeField(editable=False)
    # The optimistic version, and who wrote it last.
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("person of a region")
        verbose_name_plural = _("people of regions")
        indexes: ClassVar = [models.Index(fields=["kept_until"], name="mapped_person_kept_until")]
        constraints: ClassVar = [
            models.UniqueConstraint(name="mapped_person_added_once", fields=["region", "added_with"]),
            models.CheckConstraint(
                name="mapped_person_can_be_reached", condition=~Q(email="") | ~Q(phone="")
            ),
            models.CheckConstraint(
                name="mapped_person_only_to_be_asked_before_consent",
                condition=Q(consented_at__isnull=False)
                | Q(knowledge="", subjects="", group="", organisation=None),
            ),
            models.CheckConstraint(
                name="mapped_person_speaks_for_one", condition=Q(group="") | Q(organisation=None)
            ),
            models.CheckConstraint(
                name="mapped_person_kept_for_a_while",
                condition=Q(kept_until__gt=F("added_at"))
                & (Q(consented_at=None) | Q(kept_until__gt=F("consented_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} in {self.region_id}"

    @property
    def mails_about(self) -> str:
        """Return what the mails to this person are about: a number, never a name."""
        return f"person-{self.pk}"
