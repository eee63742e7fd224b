"""What a resident can say to a kwartiermaker, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageKind(models.TextChoices):
    """What a resident says."""

    TAKE_PART = "take_part", _("wants to take part")
    QUESTION = "question", _("brings up a question")
    ORGANISATION = "organisation", _("signs up an organisation")
    LETTER = "letter", _("writes something else")


# Those that become something of the map in one click.
TAKEN_OVER = frozenset({MessageKind.QUESTION, MessageKind.ORGANISATION})


class Outcome(models.TextChoices):
    """What a kwartiermaker did with it."""

    TAKEN = "taken", _("taken over")
    ANSWERED = "answered", _("answered")
    ASIDE = "aside", _("put aside")


class Ending(models.TextChoices):
    """Why a message was erased."""

    UNCONFIRMED = "unconfirmed", _("nobody confirmed it")
    WITHDRAWN = "withdrawn", _("who wrote it withdrew it")
    DISOWNED = "disowned", _("who reads the mailbox did not write it")
    OVER = "over", _("its period was over")
