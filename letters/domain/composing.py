"""Composing a letter: facts from an app, set in the words of the call (rule 20)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from calls.models import Call, MandatedPerson
from calls.queries import mandated_for
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.mail.domain.composing import address_of
from letters.domain.placeholders import AT_SENDING, OF_THE_CALL, fill_in, names_in
from letters.domain.structure import Content, section_of
from letters.enums import Channel, Part
from letters.models import LetterKind, LetterText
from letters.queries import texts_in_force

# Of the structure of what is frozen; another number for another one.
SCHEMA = 1


class NoText(RuleViolation):
    """The call has no text for this kind of letter on that day."""


class MissingFacts(RuleViolation):
    """Something that the text names is not there: a fact of the case, or a value of the call."""


class NoMandate(RuleViolation):
    """Nobody may decide this in the name of the administrative organ on that day."""


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
    may know something new once the letter is sent. ``amount`` is what it grants: the mandate has to cover it. ``channel``
    is how it goes to its addressee, who chose that.
    """

    kind: str
    call: Call
    about: str
    addressee: Addressee
    readers: Sequence[Reader]
    facts: Mapping[str, str]
    key_facts: Sequence[tuple[str, str]] = ()
    annex: Content | None = None
    further_annexes: Sequence[Content] = ()
    public_in_id: int | None = None
    amount: Decimal = ZERO
    channel: Channel = Channel.EMAIL


def text_for(matter: Matter, *, on: date) -> LetterText:
    """Return the words for a letter that is composed on a day. Raises ``NoText``."""
    found = texts_in_force(matter.call, on=on).filter(kind__key=matter.kind).first()
    if found is None:
        raise NoText(_("The call has no text in force today for this letter."))
    return found


def signatory_for(matter: Matter, *, on: date) -> MandatedPerson:
    """Return who signs a letter on a day: somebody whose mandate holds and covers the amount. Raises ``NoMandate``."""
    found = mandated_for(matter.call, on=on, amount=matter.amount).first()
    if found is None:
        raise NoMandate(
            _("Nobody has a mandate of %(organ)s today that covers this letter. Record the mandate first.")
            % {"organ": matter.call.deciding_organ or matter.call.deciding_body}
        )
    return found


def compose(
    matter: Matter, text: LetterText, *, on: date, number: int = 1, opening: Sequence[Content] = ()
) -> Content:
    """Return everything a letter says but the day of sending and what follows from it, which stay open.

    ``number`` counts the letters about one matter, corrections included; ``opening`` are sections that come before those
    of the text. Raises ``MissingFacts`` and ``NoMandate``.
    """
    kind, addressee = text.kind, matter.addressee
    mark = f"{matter.about}/{kind.noun[0]}{number}"
    values, sections = _values(matter, kind, mark), list(text.sections.all())
    _check_present(values, [each.body for each in sections])
    written = [
        section_of(each.heading, each.body, values, rows=matter.key_facts if each.with_key_facts else ())
        for each in sections
    ]
    return {
        "schema": SCHEMA,
        "kind": kind.key,
        "noun": kind.noun,
        "reference": matter.about,
        "mark": mark,
        "sender": sender_of(matter.call),
        "addressee": {
            "name": addressee.name,
            "attention": addressee.attention,
            "lines": list(addressee.lines),
        },
        "subject": fill_in(kind.subject, values),
        "salutation": f"Geachte {addressee.attention},",
        "sections": [*opening, *written],
        "closing": _closing(matter.call, signatory_for(matter, on=on)),
        "annex": matter.annex,
        **({"further_annexes": list(matter.further_annexes)} if matter.further_annexes else {}),
    }


def fingerprint(matter: Matter, *, on: date, number: int = 1, opening: Sequence[Content] = ()) -> str:
    """Return the digest of what a letter released on a day says and to whom it goes. Raises what composing it raises."""
    content = compose(matter, text_for(matter, on=on), on=on, number=number, opening=opening)
    readers = [[each.part, each.name, each.email] for each in matter.readers]
    return digest(canonical_bytes({"content": content, "readers": readers, "channel": matter.channel.value}))


def _closing(call: Call, signatory: MandatedPerson) -> Content:
    """Return who signs for whom (Awb 10:10)."""
    return {
        "text": "Met vriendelijke groet,",
        "on_behalf_of": f"{call.deciding_organ or call.deciding_body},",
        "mandate": call.mandate,
        "name": signatory.name,
        "function": signatory.function,
    }


def sender_of(call: Call) -> Content:
    """Return who sends the letters of a call, with the colofon."""
    contact = [call.contact_name, call.contact_phone, call.contact_email, call.website]
    return {
        "name": call.deciding_body,
        "lines": list(call.sender_lines),
        "contact": [each for each in contact if each],
    }


def _check_present(values: Mapping[str, str], bodies: Iterable[str]) -> None:
    named = set().union(*map(names_in, bodies)) - AT_SENDING
    if empty := sorted(each for each in named if not values[each]):
        raise MissingFacts(
            _("The call does not say yet what this letter names: %(names)s.") % {"names": ", ".join(empty)}
        )


def _values(matter: Matter, kind: LetterKind, mark: str) -> dict[str, str]:
    facts = set(kind.facts) - AT_SENDING
    if missing := sorted(facts - set(matter.facts)):
        raise MissingFacts(
            _("A letter of this kind needs these details: %(names)s.") % {"names": ", ".join(missing)}
        )
    return {
        **{name: matter.facts[name] for name in facts},
        **{name: getattr(matter.call, name) for name in OF_THE_CALL},
        "reference": matter.about,
        "mark": mark,
        "call": matter.call.title,
        "privacy_address": address_of("website:privacy"),
    }
