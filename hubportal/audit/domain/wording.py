"""The event log in words: what was done, on what, and the facts that were written down with it."""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hubportal.audit.domain.collecting import declared_acts
from hubportal.audit.events import Act, Fact, namespace_of
from hubportal.audit.models import AuditEvent

_SHOWN_OF_A_DIGEST = 12


def act_in_words(act: str) -> Any:
    """Return what was done."""
    declared = declared_acts().get(act) or next(iter(_acts_shown_as(act)), None)
    return declared.words if declared else act


def shown_name(act: str) -> str:
    """Return the name under which an act is shown; acts that must read alike share one (rule 26)."""
    declared = declared_acts().get(act)
    return declared.shown_as or act if declared else act


def names_shown_as(name: str) -> list[str]:
    """Return the acts to list where somebody chose this name; none for one that is shown under another."""
    alike = [each.name for each in _acts_shown_as(name)]
    return alike or [name] * (shown_name(name) == name)


def _acts_shown_as(name: str) -> list[Act]:
    return [each for each in declared_acts().values() if each.shown_as and each.shown_as == name]


def subject_in_words(event: AuditEvent) -> str:
    """Return the kind and the number of the row on which it was done."""
    model = _model_of(event)
    return f"{model._meta.verbose_name if model else event.subject_type} {event.subject_id}"


def facts_in_words(event: AuditEvent) -> dict[Any, Any]:
    """Return the facts that say something, each with its label; none of an act that judges or is shown as another."""
    if _is_judging(event.act) or shown_name(event.act) != event.act:
        return {}
    act = declared_acts().get(event.act)
    declared = {each.name: each for each in act.facts} if act else {}
    facts = [
        (declared.get(name, Fact(name, name)), value)
        for name, value in sorted(event.facts.items())
        if value not in ("", [])
    ]
    return {fact.label: _value(event, fact, value) for fact, value in facts}


def _is_judging(act: str) -> bool:
    """Tell whether the app that an act belongs to judges: a log outlives the code that declared its acts."""
    return namespace_of(act) in {each.namespace for each in declared_acts().values() if each.is_judging}


def _value(event: AuditEvent, fact: Fact, value: Any) -> Any:
    if fact.are_fields:
        return ", ".join(_labels(event, value))
    if fact.is_digest:
        return f"{value[:_SHOWN_OF_A_DIGEST]}…"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return fact.values.get(value, value) if fact.values else value


def _labels(event: AuditEvent, names: list[str]) -> list[str]:
    """Return what fields of the row are called; those that nobody edits go along with the others."""
    model = _model_of(event)
    fields = model._meta.fields if model else ()
    return [str(each.verbose_name) for each in fields if each.name in names and each.editable]


def _model_of(event: AuditEvent) -> type[Model] | None:
    try:
        return apps.get_model(event.subject_type)
    except LookupError:
        # A log outlives the code that wrote it.
        return None
