"""How a published organisation stands towards a coalition."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartnerState(TextChoices):
    """Where an organisation of the map stands in a coalition."""

    FREE = "free", _("not in your coalition")
    LEAD = "lead", _("lead organisation")
    MEMBER = "member", _("in your coalition, not asked for consent yet")
    ASKED = "asked", _("asked for consent")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
