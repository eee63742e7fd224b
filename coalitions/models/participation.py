"""Which organisations are in a coalition."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalitions.models.coalition import Coalition
from organisations.models import Organisation, StatedOrganisation


class Participation(StatedOrganisation):
    """An organisation in a coalition as the coalition names it, with the person who answers for it (deelname)."""

    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    # Said by the lead organisation; on no map, as long as nobody may know of the coalition (rule 26).
    works_in_region = models.BooleanField(_("works in the region"), default=False, db_default=False)
    is_lead = models.BooleanField(default=False)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    # The mailbox behind the address, by which two addresses of one mailbox are known.
    mailbox = models.CharField(max_length=254, blank=True, editable=False, db_index=True)
    # When another mailbox was named; empty while it is the first one. What was asked and answered before counts no more.
    contact_since = models.DateTimeField(null=True, editable=False)
    # Until when it led the coalition; empty where it never did.
    led_until = models.DateTimeField(null=True, editable=False)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering: ClassVar = ["-is_lead", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="participation_once_per_organisation",
                fields=["coalition", "organisation"],
                violation_error_message=_("This organisation is already in the coalition."),
            ),
            models.UniqueConstraint(
                name="participation_one_lead", fields=["coalition"], condition=Q(is_lead=True)
            ),
            models.UniqueConstraint(
                name="participation_mailbox_answers_for_one_organisation",
                fields=["coalition", "mailbox"],
                condition=~Q(mailbox=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.coalition_id}"
