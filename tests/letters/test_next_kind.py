"""The next kind of letter is a row and texts: it is released, made, sent and read back without code of its own."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.composing import MissingFacts
from letters.domain.printing import letter_pdf
from letters.domain.producing import fix_moment_of_sending, produce_letter
from letters.domain.releasing import release_letter
from letters.models import Letter
from letters.queries import letters_to_produce
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.scenarios import plain_pdf
from tests.letters.letters import KIND, OBJECTED, call_with, make, matter, release

pytestmark = pytest.mark.django_db


def test_a_letter_that_needs_nobody_else_and_to_which_nobody_objects() -> None:
    call = call_with(KIND)
    letter = release(call)
    assert (letter.released_by, letter.recorded_by.roles) == (None, {Role.OFFICER})
    assert list(letters_to_produce([KIND["key"]])) == [letter]
    assert list(letters_to_produce(["decision_granted"])) == []

    kept: list[dict[str, Any]] = []

    def keep(content: dict[str, Any], code: str, at: Any) -> bytes:
        kept.append(content)
        return letter_pdf(content, code, at)

    make(letter, make_pdf=keep)
    [content] = kept
    assert content["subject"] == "Uitnodiging over ZAAK-1"
    assert content["sections"] == [
        {
            "heading": "",
            "paragraphs": ["Op 1 mei 2024 nodigen wij u uit voor de bijeenkomst."],
            "items": ["ZAAK-1", "Eerst dit.", "Dan dat."],
            "rows": [],
        },
        {
            "heading": "Meer",
            "paragraphs": ["Eerst dit.", "Dan dat."],
            "items": [],
            "rows": [["Plaats", "Utrecht"]],
        },
    ]
    assert (letter.dated_on, letter.objection_deadline_on) == (date(2024, 5, 1), None)
    assert letter.document.title == "Uitnodiging over ZAAK-1"
    assert verify_file(read_document(letter.document)).outcome == VerificationResult.GENUINE

    at = AT + timedelta(minutes=1)
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    mails = (
        OutgoingMail.objects.filter(about="ZAAK-1").order_by("pk").values_list("kind", "recipient", "subject")
    )
    assert list(mails) == [
        ("letter", "een@voorbeeld.example", "UITNODIGING over ZAAK-1"),
        ("letter_copy", "twee@voorbeeld.example", "AFSCHRIFT van de uitnodiging over ZAAK-1"),
    ]
    first, copy = OutgoingMail.objects.order_by("pk")
    assert letter.mail == first
    assert "/aanvragen/ZAAK-1/" in first.body
    assert "/aanvragen/" not in copy.body
    assert [each.filename for each in first.attachments.all()] == ["uitnodiging-ZAAK-1.pdf"]

    letter.refresh_from_db()
    assert (letter.sent_at, letter.objection_deadline_on) == (at, None)
    assert list(map(str, every_violation())) == []


def test_a_letter_with_a_term_and_a_second_person() -> None:
    call = call_with(OBJECTED)
    letter = make(release(call, OBJECTED))
    assert letter.released_by.roles == {Role.RELEASER}
    assert letter.objection_deadline_on == date(2024, 6, 12)
    assert list(map(str, every_violation())) == []


def test_nobody_releases_what_they_recorded_or_without_the_role() -> None:
    """Rule 19, the two-person rule."""
    call = call_with(OBJECTED)
    both, officer = person(Role.RELEASER), person(Role.OFFICER)
    for recorder, actor in ((both, both), (both, officer)):
        with pytest.raises(NotAllowed):
            release_letter(matter=matter(call, OBJECTED), recorded_by=recorder, actor=actor, at=AT)
    assert not Letter.objects.exists()


def test_a_fact_that_is_not_handed_over_is_named() -> None:
    call = call_with(KIND)
    with pytest.raises(MissingFacts, match="words"):
        release(call, facts={"occasion": "de bijeenkomst"})
    assert not Letter.objects.exists()


def test_what_becomes_true_with_a_letter_and_the_letter_come_together_or_not_at_all() -> None:
    letter = release(call_with(KIND))
    with pytest.raises(ZeroDivisionError):
        make(letter, together_with=lambda _letter: 1 / 0)
    assert not Document.objects.exists()
    assert not OutgoingMail.objects.exists()
    told: list[Letter] = []
    make(letter, together_with=told.append)
    assert told == [letter]
    assert not produce_letter(letter_id=letter.pk, make_pdf=plain_pdf, at=AT, together_with=told.append)
    assert told == [letter]


def test_what_is_frozen_is_open_about_the_day_of_sending_alone() -> None:
    letter = release(call_with(OBJECTED), OBJECTED)
    content = json.loads(bytes(letter.content))
    assert content["sections"][0]["paragraphs"] == [
        ["Op ", {"fill": "dated_on"}, " nodigen wij u uit voor ", "de bijeenkomst", "."]
    ]
    assert "dated_on" not in content
