"""What follows an organisation when the map goes on with another row of it, and comes back when that is undone."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model

from hubportal.audit.domain.collecting import modules_named
from organisations.models import Organisation

# A foreign key to an organisation, by its model and its name.
Following = tuple[type[Model], str]


def followed() -> Iterator[Following]:
    """Yield each foreign key that follows: those that an app names in ``FOLLOWING`` of its module ``following``."""
    for module in modules_named("following"):
        yield from module.FOLLOWING


def follow(gone: Organisation, kept: Organisation) -> dict[str, Any]:
    """Let all that follows one organisation go to another, within the caller's act; return the rows that went.

    So does what led to the one that goes: every way leads straight to where it ends.
    """
    went = {}
    for model, name in followed():
        rows = model._default_manager.filter(**{name: gone})
        went[_key(model, name)] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(**{name: kept})
    led = Organisation.objects.filter(now_as=gone)
    led_here = list(led.order_by("pk").values_list("pk", flat=True))
    led.update(now_as=kept)
    return {"followed": went, "led_here": led_here}


def follow_back(gone: Organisation, kept: Organisation, went: Mapping[str, Any]) -> None:
    """Let what went come back, within the caller's act; what was changed since stays as it is now."""
    for model, name in followed():
        rows = model._default_manager.filter(pk__in=went.get("followed", {}).get(_key(model, name), ()))
        rows.filter(**{name: kept}).update(**{name: gone})
    Organisation.objects.filter(pk__in=went.get("led_here", ()), now_as=kept).update(now_as=gone)


def leave_behind(organisation: Organisation) -> None:
    """Let what follows an organisation stay with its name alone, within the caller's act: it goes off the last map.

    Its number may come on a map again, of somebody else and under another name: neither is for who followed (rule 26).
    """
    if not any(model._default_manager.filter(**{name: organisation}).exists() for model, name in followed()):
        return
    alike = ("name", "sort_name", "created_by", "created_at")
    follow(organisation, Organisation.objects.create(**{each: getattr(organisation, each) for each in alike}))


def _key(model: type[Model], name: str) -> str:
    return f"{model._meta.label}.{name}"


def begin_anew(organisation: Organisation) -> None:
    """Let an organisation that comes on the map stand for itself alone, within the caller's act. It is not saved."""
    organisation.now_as = None
    Organisation.objects.filter(now_as=organisation).update(now_as=None)
