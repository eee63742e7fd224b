"""The kinds of letters that a decision causes, states of bank accounts, and kinds of terms on the clock."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterOfDecision(StrEnum):
    """Keys of ``letters.LetterKind``: the kinds of decision letters."""

    GRANTED = "decision_granted"
    PARTLY_GRANTED = "decision_partly_granted"
    REJECTED = "decision_rejected"


class AccountState(models.TextChoices):
    """What became of a bank account that was given."""

    WAITING = "waiting", _("waits to be checked")
    COUNTS = "counts", _("counts")
    SENT_BACK = "sent_back", _("sent back")
    REPLACED = "replaced", _("replaced")


class TermKind(models.TextChoices):
    """What a term is for. A kind that is added needs its rows in ``decisions/terms.py``."""

    DECIDE = "decide", _("to decide")
    COMPLETE = "complete", _("to complete")
    SIGN = "sign", _("to sign")
    OBJECT = "object", _("to object")


class TermState(models.TextChoices):
    """Where a term is on the clock."""

    RUNNING = "running", _("running")
    WITHIN_A_WEEK = "within_a_week", _("ends within a week")
    WITHIN_A_DAY = "within_a_day", _("ends within a day")
    PASSED = "passed", _("passed")
