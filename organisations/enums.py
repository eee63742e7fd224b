"""Words from fixed lists: what is known of an organisation, and how it was proved that somebody speaks for it."""

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
