"""Forms of participation, by what two organisations are the same, how far a talk is, and what became of a question."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationForm(models.TextChoices):
    """How people have a say in a question."""

    INFORM = "inform", _("inform")
    CONSULT = "consult", _("consult (raadplegen)")
    ADVISE = "advise", _("advise (adviseren)")
    COPRODUCE = "coproduce", _("co-produce (coproduceren)")
    DECIDE = "decide", _("decide together (meebeslissen)")


# How long what was taken off a map can be put back (rule 30).
KEPT_IN_BIN = timedelta(days=30)


class ActOnRow(models.TextChoices):
    """What one did with a whole row of the grid or many, as its undo knows it.

    What came back or was split is undone already. An import is undone on its own page, for as long as it is kept.
    """

    CAME = "came"
    CAME_BACK = "came_back"
    WENT = "went"
    MERGED = "merged"
    SPLIT = "split"
    CHANGED = "changed"
    IMPORTED = "imported"
    IMPORT_UNDONE = "import_undone"


class SameBy(models.IntegerChoices):
    """By what a typed organisation may be one that is known, the surest first."""

    NUMBER = 1, _("same KvK number")
    NAME = 2, _("same name")
    OTHER_NAME = 3, _("same other name")
    WEBSITE = 4, _("same website")
    ALIKE = 5, _("similar name")


class TieKind(models.TextChoices):
    """How an organisation is tied to another one."""

    PART_OF = "part_of", _("is part of")
    WORKS_WITH = "works_with", _("works with")
    ADVISES = "advises", _("advises")
    SUPPORTS = "supports", _("supports")


class TalkState(models.TextChoices):
    """How far the talk of a kwartiermaker with an organisation is."""

    TO_CALL = "to_call", _("still to call")
    CONTACTED = "contacted", _("contact made")
    TALKED = "talked", _("spoken with")
    JOINS = "joins", _("wants to join in")
    LATER = "later", _("perhaps later")
    DECLINED = "declined", _("does not want to join in")


class QuestionTheme(models.TextChoices):
    """What a question is about."""

    PREVENTION = "prevention", _("healthy living and prevention")
    FIRST_LINE = "first_line", _("general practice and care nearby")
    ACUTE = "acute", _("hospital and acute care")
    MENTAL_HEALTH = "mental_health", _("mental health")
    LONG_TERM = "long_term", _("long-term care and disability")
    YOUTH = "youth", _("growing up")
    OLDER = "older", _("growing old")
    INFORMAL_CARE = "informal_care", _("informal care")
    LIVELIHOOD = "livelihood", _("work, income and debts")
    LIVING = "living", _("housing and neighbourhood")
    ACCESS = "access", _("finding one's way, digital care")
    OTHER = "other", _("something else")


class Plan(models.TextChoices):
    """The accords and regional plans that a question belongs to."""

    IZA = "iza", _("IZA (Integraal Zorgakkoord)")
    GALA = "gala", _("GALA (Gezond en Actief Leven Akkoord)")
    WOZO = "wozo", _("WOZO (Wonen, Ondersteuning en Zorg voor Ouderen)")
    TAZ = "taz", _("TAZ (Toekomstbestendige Arbeidsmarkt Zorg)")
    ROAZ = "roaz", _("ROAZ (acute care in the region)")
    REGIOBEELD = "regiobeeld", _("regional picture or plan (regiobeeld, regioplan)")


class QuestionPhase(models.TextChoices):
    """How far the work on a question is."""

    EXPLORE = "explore", _("exploring")
    PLAN = "plan", _("making plans")
    DECIDE = "decide", _("deciding")
    CARRY_OUT = "carry_out", _("carrying out")
    LOOK_BACK = "look_back", _("looking back")


class QuestionState(models.TextChoices):
    """Whether people can still have a say."""

    OPEN = "open", _("open")
    ON_HOLD = "on_hold", _("on hold")
    CLOSED = "closed", _("closed")


class LessHeard(models.TextChoices):
    """Groups whose voices are heard less."""

    YOUNG = "young", _("children and young people")
    OLD = "old", _("older people who need help")
    LOW_INCOME = "low_income", _("people with little money or debts")
    READING = "reading", _("people who find reading hard")
    DIGITAL = "digital", _("people without internet")
    NEWCOMERS = "newcomers", _("newcomers and people with another mother tongue")
    DISABILITY = "disability", _("people with a disability")
    MENTAL = "mental", _("people with mental problems")
    HOMELESS = "homeless", _("people without a home")
    CARERS = "carers", _("informal carers")
    LGBTIQ = "lgbtiq", _("LGBTIQ+ people")


class AgreementState(models.TextChoices):
    """What became of the question whether an organisation agrees to its public card."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("agreement withdrawn")
    REPLACED = "replaced", _("taken back, or replaced by a newer question")


class CorrectionKind(models.TextChoices):
    """What somebody asks about a public card."""

    CORRECTION = "correction", _("something in it is not right")
    REMOVAL = "removal", _("it should not be public")
