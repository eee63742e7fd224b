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
