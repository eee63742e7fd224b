"""How far a region is on its way to a hub."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HubState(models.TextChoices):
    """The public state of a region: the furthest step that everybody may know of (rule 26)."""

    NOTHING = "nothing", _("nothing yet")
    MAPPED = "mapped", _("organisations known")
    FORMING = "forming", _("coalition being formed")
    SUBMITTED = "submitted", _("application submitted")
    GRANTED = "granted", _("grant awarded")


class FollowingEnd(models.TextChoices):
    """Why somebody no longer follows a region."""

    UNCONFIRMED = "unconfirmed", _("nobody confirmed it")
    STOPPED = "stopped", _("stopped through a link")
    AGAIN = "again", _("followed anew")
    OVER = "over", _("its period was over")


class Covered(models.TextChoices):
    """A way in which a region is covered, of which everybody may know for good."""

    KNOWN = "known", _("organisations known")
    PATIENTS = "patients", _("patients and clients heard")
    COUNCILS = "councils", _("client councils heard")
    RESIDENTS = "residents", _("residents' initiatives heard")
    GRANTED = "granted", _("grant awarded")


class Answer(models.TextChoices):
    """An answer to the question whether a condition is met, as it stands in the address."""

    YES = "ja", _("Yes")
    NO = "nee", _("No")
    UNKNOWN = "weet-niet", _("I do not know")
