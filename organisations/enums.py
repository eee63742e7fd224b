"""How it was proved that somebody speaks for an organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Proof(TextChoices):
    """Who vouched for a representative (rule 27)."""

    COLLEAGUE = "colleague", _("a colleague")
    KWARTIERMAKER = "kwartiermaker", _("the kwartiermaker of the region")
    OFFICE = "office", _("the programme office")


class Standing(TextChoices):
    """Where somebody stands who said that they speak for an organisation."""

    PENDING = "pending", _("we are still checking this")
    CONTESTED = "contested", _("somebody disputes this")
    PROVED = "proved", _("confirmed")
    ENDED = "ended", _("ended")
