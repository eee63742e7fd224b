"""What residents say to the kwartiermaker of their region."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.models import Municipality, Region
from residents.enums import TAKEN_OVER, MessageKind, Outcome


class ResidentMessage(models.Model):
    """What somebody without an account says to the kwartiermakers of a region (bericht van een inwoner), for them alone.

    Nobody reads it before it was confirmed through a link that was mailed to its writer. All of it is erased at
    ``kept_until``, or when its writer withdraws it. Of both secrets only the digest is kept.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="resident_messages")
    kind = models.CharField(_("kind"), max_length=12, choices=MessageKind)
    # The question itself, or the name of the organisation.
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=2000, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    website = models.URLField(_("website"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254)
    mailbox = models.CharField(max_length=254, editable=False)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    confirm_digest = models.CharField(max_length=64, unique=True)
    # Of the link in the receipt, by which its writer sees and withdraws it.
    kept_digest = models.CharField(max_length=64, unique=True, null=True)
    sent_at = models.DateTimeField(_("written on"))
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)
    kept_until = models.DateTimeField(_("kept until"))
    settled_at = models.DateTimeField(_("dealt with on"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("message of a resident")
        verbose_name_plural = _("messages of residents")
        indexes: ClassVar = [models.Index(fields=["kept_until"], name="resident_message_kept_until")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="resident_message_of_a_known_kind", condition=Q(kind__in=MessageKind.values)
            ),
            models.CheckConstraint(
                name="resident_message_has_what_becomes_of_it",
                condition=~Q(kind__in=sorted(TAKEN_OVER)) | ~Q(title=""),
            ),
            models.CheckConstraint(
                name="resident_message_confirmed_has_its_receipt",
                condition=Q(confirmed_at=None, kept_digest=None)
                | Q(confirmed_at__isnull=False, kept_digest__isnull=False),
            ),
            models.CheckConstraint(
                name="resident_message_settled_once_confirmed",
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False, confirmed_at__isnull=False, outcome__in=Outcome.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.region_id}"

    @property
    def mails_about(self) -> str:
        """Return what its mails are about."""
        return f"resident-{self.pk}"

    @property
    def becomes_something(self) -> bool:
        """Tell whether it becomes something of the map in one click."""
        return self.kind in TAKEN_OVER
