"""A kind of letter that nothing in the portal causes: a row and texts, no code of its own."""

from typing import Any

from calls.models import Call
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from letters.domain.composing import Addressee, Matter, Reader
from letters.domain.producing import produce_letter
from letters.domain.releasing import release_letter
from letters.domain.setup import put_in_force, set_up_kinds
from letters.enums import Part
from letters.models import Letter
from tests.factories.accounts import person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.scenarios import plain_pdf

KIND: dict[str, Any] = {
    "key": "invitation",
    "title": "Uitnodiging",
    "noun": "Uitnodiging",
    "subject": "Uitnodiging over {reference}",
    "facts": ["occasion", "words"],
    "names_objection_term": False,
    "needs_second_person": False,
    "portal_page": "applications:status",
    "mail_subject": "UITNODIGING over {reference}",
    "mail_text": "Wij nodigen u uit.",
    "copy_subject": "AFSCHRIFT van de uitnodiging over {reference}",
    "copy_text": "Wij nodigen iemand uit.",
}
OBJECTED: dict[str, Any] = {
    **KIND,
    "key": "ruling",
    "noun": "Uitspraak",
    "names_objection_term": True,
    "needs_second_person": True,
}
SECTIONS = [
    {"body": "Op {dated_on} nodigen wij u uit voor {occasion}.\n\n- {reference}\n- {words}"},
    {"heading": "Meer", "body": "{words}", "with_key_facts": True},
]
CLAUSE = {"heading": "Bezwaar", "body": "Dat kan tot en met {objection_deadline}, bij {deciding_body}."}


def call_with(*kinds: dict[str, Any], **values: Any) -> Call:
    """Set up a call that has texts for these kinds too."""
    call = CallFactory.create(**values)
    set_up_kinds(kinds)
    for kind in kinds:
        sections = [*SECTIONS, CLAUSE] if kind["names_objection_term"] else SECTIONS
        put_in_force(
            call=call, kind=kind["key"], sections=sections, from_on=call.opens_at.date(), at=call.opens_at
        )
    return call


def matter(call: Call, kind: dict[str, Any] = KIND, **changes: Any) -> Matter:
    """Return something to write a letter about."""
    values: dict[str, Any] = {
        "kind": kind["key"],
        "call": call,
        "about": "ZAAK-1",
        "addressee": Addressee("Stichting Een (fictief)", "mevrouw Een", ["Utrecht"]),
        "readers": [
            Reader(Part.ORIGINAL, "mevrouw Een", "een@voorbeeld.example"),
            Reader(Part.COPY, "meneer Twee", "twee@voorbeeld.example"),
        ],
        "facts": {"occasion": "de bijeenkomst", "words": "Eerst dit.\n\nDan dat."},
        "key_facts": [("Plaats", "Utrecht")],
    }
    return Matter(**{**values, **changes})


def release(call: Call, kind: dict[str, Any] = KIND, *, at: Any = AT, **changes: Any) -> Letter:
    """Release a letter by a person that its kind requires."""
    recorder = person(Role.OFFICER)
    actor: User = person(Role.RELEASER) if kind["needs_second_person"] else recorder
    return release_letter(matter=matter(call, kind, **changes), recorded_by=recorder, actor=actor, at=at)


def make(letter: Letter, *, at: Any = AT, make_pdf: Any = plain_pdf, together_with: Any = None) -> Letter:
    """Make a released letter, and return it as it is then."""
    assert produce_letter(
        letter_id=letter.pk, make_pdf=make_pdf, at=at, together_with=together_with or (lambda _letter: None)
    )
    letter.refresh_from_db()
    return letter
