"""Who speaks for an organisation in the portal."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import Proof, Standing
from organisations.models.organisation import Organisation
from organisations.models.stated import StatedOrganisation

_NOT_PROVED = Q(proof="", proved_at=None, proved_by=None)
_NOT_CONTESTED = Q(contested_at=None, contested_by=None, contest_reason="")
_NOT_ENDED = Q(ended_at=None, ended_by=None, end_reason="")


class Representative(StatedOrganisation):
    """A person who said that they act for an organisation, and what came of it (vertegenwoordiger, rule 27).

    Anybody can say so, and KvK numbers are public: it opens nothing until somebody who may has vouched for them. They keep reading the
    organisation as they named it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="representations"
    )
    since_at = models.DateTimeField(_("since"))
    # Since when they say so without a break, where they named the organisation otherwise meanwhile; empty where it is ``since_at``.
    unbroken_since = models.DateTimeField(null=True, editable=False)
    # When colleagues were last asked to confirm.
    asked_at = models.DateTimeField(null=True, editable=False)
    proof = models.CharField(_("confirmed by"), max_length=16, choices=Proof, blank=True, editable=False)
    proved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    proved_at = models.DateTimeField(_("confirmed on"), null=True, editable=False)
    contested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    contested_at = models.DateTimeField(null=True, editable=False)
    contest_reason = models.CharField(max_length=500, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = models.CharField(max_length=500, blank=True, editable=False)
    # All of theirs when somebody else ended it: another address on their account makes them nobody else (rule 28).
    ended_mailboxes = ArrayField(
        models.CharField(max_length=254), default=list, db_default=[], editable=False
    )
    # Since when somebody of the lead asks the office for a dossier with it: it is settled there, after a wait, and not here (rule 41).
    held_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        ordering: ClassVar = ["since_at", "pk"]
        constraints: ClassVar = [
            # Who was ended can say it again; what ended stays.
            models.UniqueConstraint(
                name="representative_once_per_organisation",
                fields=["organisation", "user"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="representative_proved_by_somebody_else",
                condition=_NOT_PROVED
                | (
                    Q(proof__in=Proof.values, proved_at__isnull=False, proved_by__isnull=False)
                    & ~Q(proved_by=F("user"))
                ),
            ),
            models.CheckConstraint(
                name="representative_contested_with_a_reason",
                condition=_NOT_CONTESTED
                | (Q(contested_at__isnull=False, contested_by__isnull=False) & ~Q(contest_reason="")),
            ),
            models.CheckConstraint(
                name="representative_ended_by_somebody",
                condition=_NOT_ENDED | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.organisation_id}"

    @property
    def standing(self) -> Standing:
        """Return where the person stands now."""
        if self.ended_at is not None:
            return Standing.ENDED
        if self.contested_at is not None:
            return Standing.CONTESTED
        return Standing.PROVED if self.proved_at is not None else Standing.PENDING

    @property
    def standing_told(self) -> Standing:
        """Return where the person stands as they are told: of a dispute, only those hear who were proved before it.

        Otherwise a dispute would tell whoever tries a number that the organisation has people in the portal (rule 26).
        """
        is_silent = self.standing == Standing.CONTESTED and self.proved_at is None
        return Standing.PENDING if is_silent else self.standing
