"""Organisations that a kwartiermaker thinks of for a coalition."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.models.help_request import HelpRequest
from organisations.models import Organisation


class PartnerProposal(models.Model):
    """A published organisation that a kwartiermaker proposed to a coalition that asked for help (voorstel)."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="proposals")
    # Two may become one when the map merges them: the page names each once.
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("why"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proposal of a partner")
        verbose_name_plural = _("proposals of partners")

    def __str__(self) -> str:
        return f"{self.organisation_id} for {self.help_request_id}"
