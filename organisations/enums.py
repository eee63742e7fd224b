"""Words from fixed lists: what is known of an organisation, and how it was proved that somebody speaks for it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Proof(TextChoices):
    """Who vouched for a representative (rule 27)."""

    COLLEAGUE = "colleague", _("a colleague")
    OFFICE = "office", _("the programme office")


class Standing(TextChoices):
    """Where somebody stands who said that they speak for an organisation."""

    PENDING = "pending", _("we are still checking this")
    CONTESTED = "contested", _("somebody disputes this")
    PROVED = "proved", _("confirmed")
    ENDED = "ended", _("ended")


class HandInIt(TextChoices):
    """What ties whoever recommends somebody to that person, for the office to weigh (rule 27)."""

    SAME_MAILBOX = "same_mailbox", _("has the same mailbox as this person")
    SAME_ORGANISATION = "same_organisation", _("has said to represent the same organisation as this person")
    OWN_ORGANISATION = "own_organisation", _("has said to represent an organisation themselves")
    RECOMMENDED_BEFORE = (
        "recommended_before",
        _("has recommended this person before, for another organisation"),
    )
    SAME_DOMAIN = "same_domain", _("has an e-mail address at the same provider or organisation")


class ActorRole(TextChoices):
    """On which side of participation an organisation stands."""

    LIFE = "life", _("lifeworld (leefwereld)")
    SYSTEM = "system", _("system world (systeemwereld)")


class Reach(TextChoices):
    """For which part of the country an organisation works."""

    NATIONAL = "national", _("national")
    PROVINCE = "province", _("province")
    REGION = "region", _("region")
    MUNICIPALITIES = "municipalities", _("municipalities")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")


class CareDomain(TextChoices):
    """The fields of health, care and support."""

    PUBLIC_HEALTH = "public_health", _("public health")
    CARE = "care", _("care")
    WELFARE = "welfare", _("welfare")
    YOUTH = "youth", _("youth")
    MENTAL_HEALTH = "mental_health", _("mental health")
    LONG_TERM = "long_term", _("long-term care")
