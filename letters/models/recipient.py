"""Who gets a letter, and what became of copies that came back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.mail.models import OutgoingMail
from letters.enums import Part
from letters.models.letter import Letter


class Recipient(models.Model):
    """Somebody who gets a letter or a copy of it, and the mail that brings it."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="recipients")
    part = models.CharField(_("part"), max_length=10, choices=Part)
    name = models.CharField(_("name"), max_length=300)
    email = models.EmailField(_("e-mail"), max_length=254)
    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("recipient of a letter")
        verbose_name_plural = _("recipients of letters")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="letter_has_one_original", fields=["letter"], condition=Q(part="original")
            ),
            models.CheckConstraint(
                name="letter_recipient_of_a_known_part", condition=Q(part__in=sorted(Part.values))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.letter_id}"


class ReturnedCopy(models.Model):
    """What the office did about a copy whose mail came back: sent to another address, or put aside."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="returned")
    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, related_name="+")
    # Empty when it was put aside: nobody could be reached.
    sent_to = models.EmailField(_("e-mail"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    settled_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("copy that came back")
        verbose_name_plural = _("copies that came back")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="returned_copy_is_explained", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"copy that came back to {self.recipient_id}"
