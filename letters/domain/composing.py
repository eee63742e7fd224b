"""Composing a letter: facts from an app, set in the words of the call (rule 20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from calls.models import Call
from hubportal.kernel.errors import RuleViolation
from letters.domain.placeholders import fill_in
from letters.domain.structure import Content, section_of
from letters.enums import Part
from letters.models import LetterKind, LetterText
from letters.queries import texts_in_force

# Of the structure of what is frozen; another number for another one.
SCHEMA = 1


class NoText(RuleViolation):
    """The call has no text for this kind of letter on that day."""


class MissingFacts(RuleViolation):
    """The app that causes a letter did not pass all facts that its kind may name."""


@dataclass(frozen=True)
class Addressee:
    """The addressee of a letter."""

    name: str
    attention: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Reader:
    """Somebody who gets the letter or a copy, by mail."""

    part: Part
    name: str
    email: str


@dataclass(frozen=True)
class Matter:
    """The input for a letter, from the app that causes it.

    ``kind`` is the key of a kind of letter, ``facts`` are the values of what that kind may name;
    ``key_facts`` are label and value for the table in the text. Of the region ``public_in_id`` everybody
    may know something new once the letter is sent.
    """

    kind: str
    call: Call
    about: str
    addressee: Addressee
    readers: Sequence[Reader]
    facts: Mapping[str, str]
    key_facts: Sequence[tuple[str, str]] = ()
    annex: Content | None = None
    public_in_id: int | None = None


def text_for(matter: Matter, *, on: date) -> LetterText:
    """Return the words for a letter that is composed on a day. Raises ``NoText``."""
    found = texts_in_force(matter.call, on=on).filter(kind__key=matter.kind).first()
    if found is None:
        raise NoText(_("The call has no text in force today for this letter."))
    return found


def compose(matter: Matter, text: LetterText, *, signed_by: str, opening: Sequence[Content] = ()) -> Content:
    """Return everything a letter says but the day of sending and what follows from it, which stay open.

    ``opening`` are sections that come before those of the text. Raises ``MissingFacts``.
    """
    kind, call, addressee = text.kind, matter.call, matter.addressee
    values = _values(matter, kind)
    sections = [
        section_of(each.heading, each.body, values, rows=matter.key_facts if each.with_key_facts else ())
        for each in text.sections.all()
    ]
    return {
        "schema": SCHEMA,
        "kind": kind.key,
        "noun": kind.noun,
        "reference": matter.about,
        "sender": {"name": call.deciding_body, "lines": list(call.sender_lines)},
        "addressee": {
            "name": addressee.name,
            "attention": addressee.attention,
            "lines": list(addressee.lines),
        },
        "subject": fill_in(kind.subject, values),
        "salutation": f"Geachte {addressee.attention},",
        "sections": [*opening, *sections],
        "closing": {
            "text": "Met vriendelijke groet,",
            "on_behalf_of": call.mandate or call.deciding_body,
            "name": signed_by,
            "function": call.deciding_body,
        },
        "annex": matter.annex,
    }


def _values(matter: Matter, kind: LetterKind) -> dict[str, str]:
    if missing := sorted(set(kind.facts) - set(matter.facts)):
        raise MissingFacts(
            _("A letter of this kind needs these details: %(names)s.") % {"names": ", ".join(missing)}
        )
    call = matter.call
    return {
        **{name: matter.facts[name] for name in kind.facts},
        "reference": matter.about,
        "call": call.title,
        "legal_basis": call.legal_basis,
        "deciding_body": call.deciding_body,
        "mandate": call.mandate,
    }
