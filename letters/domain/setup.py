"""Setting up kinds of letters and the texts of a call from data."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from calls.domain.setup import set_up_call
from calls.models import Call
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from letters.domain.placeholders import (
    AT_SENDING,
    OBJECTION_DEADLINE,
    OF_EVERY_LETTER,
    check_names,
    names_in,
)
from letters.events import TEXT_PUT_IN_FORCE
from letters.models import LetterKind, LetterText, LetterTextSection

Section = Mapping[str, Any]


class UnknownKind(RuleViolation):
    """There is no such kind of letter."""


class NoObjectionClause(RuleViolation):
    """A letter to which one can object does not name the last day to do so."""


def set_up_kinds(specs: Sequence[Mapping[str, Any]]) -> None:
    """Create missing kinds of letters, within the caller's act; the format is that of ``fixtures/letter_kinds.json``."""
    known = set(LetterKind.objects.values_list("key", flat=True))
    new = [LetterKind(**each) for each in specs if each["key"] not in known]
    for kind in new:
        words = (kind.mail_subject, kind.mail_text, kind.copy_subject, kind.copy_text)
        check_names(words, {"reference"})
        check_names([kind.subject], OF_EVERY_LETTER | set(kind.facts))
    LetterKind.objects.bulk_create(new)


@transaction.atomic(durable=True)
def set_up_call_with_letters(
    spec: Mapping[str, Any], *, kinds: Sequence[Mapping[str, Any]], at: datetime
) -> Call:
    """Create a call with the texts of its letters from data. Idempotent: an existing call stays.

    The shape is that of ``fixtures/call_2024.json``, whose ``letters`` holds sections by kind. Raises
    what ``set_up_call`` and ``put_in_force`` raise.
    """
    set_up_kinds(kinds)
    call = set_up_call(spec, at=at)
    if not call.letter_texts.exists():
        for kind, sections in spec["letters"].items():
            put_in_force(call=call, kind=kind, sections=sections, from_on=local_date(call.opens_at), at=at)
    return call


def put_in_force(
    *, call: Call, kind: str, sections: Sequence[Section], from_on: date, at: datetime
) -> LetterText:
    """Put a text for letters of a kind in force from a day on; the version before ends the day before.

    Within the act that has the texts. Letters that were released keep the version they were composed from. Raises ``UnknownKind``,
    ``UnknownPlaceholder``, ``NoObjectionClause``, and ``RuleViolation`` for a day that is not after the
    first day of the version before.
    """
    # Two new versions at once would both follow the same one.
    Call.objects.select_for_update().get(pk=call.pk)
    found = LetterKind.objects.filter(key=kind).first()
    if found is None:
        raise UnknownKind(_("There is no letter of the kind “%(kind)s”.") % {"kind": kind})
    _check(found, sections)
    before = LetterText.objects.filter(call=call, kind=found).order_by("version").last()
    if before is not None:
        if from_on <= before.valid_from:
            raise RuleViolation(
                _("A new text must come into force later than the previous one."), field="from_on"
            )
        before.valid_until = from_on - timedelta(days=1)
        before.save(update_fields=["valid_until"])
    text = LetterText.objects.create(
        call=call, kind=found, version=before.version + 1 if before else 1, valid_from=from_on
    )
    LetterTextSection.objects.bulk_create(
        LetterTextSection(text=text, position=position, **each)
        for position, each in enumerate(sections, start=1)
    )
    record(TEXT_PUT_IN_FORCE, subject=text, actor=None, at=at)
    return text


def _check(kind: LetterKind, sections: Sequence[Section]) -> None:
    bodies = [each["body"] for each in sections]
    check_names(bodies, known_names(kind))
    if kind.names_objection_term and OBJECTION_DEADLINE not in set().union(*map(names_in, bodies)):
        raise NoObjectionClause(_("This letter must name the last day to object."), field="body")


def known_names(kind: LetterKind) -> frozenset[str]:
    """Return what texts of a kind may name."""
    at_sending = AT_SENDING if kind.names_objection_term else AT_SENDING - {OBJECTION_DEADLINE}
    return OF_EVERY_LETTER | at_sending | frozenset(kind.facts)
