"""Who decided or adopted the advice, and turns out to have an interest, holds the letter up until that is settled (rule 29)."""

from typing import Any

import pytest
from django.urls import reverse

from calls.enums import Outcome
from decisions.domain.correcting import release_correction
from decisions.domain.deciding import record_decision
from decisions.domain.posting import ask_for_post, record_posted
from decisions.domain.releasing import (
    check_untied,
    produce_letter_of_decision,
    release_letter_of_decision,
)
from decisions.domain.withdrawing import send_back_decision
from decisions.models import Decision
from decisions.post_queries import letters_shown_in_post, letters_to_make
from decisions.queries import decisions_in_state
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from letters.enums import LetterState
from reviews.domain.interests import declare_interest
from reviews.domain.measuring import put_interest_aside, record_measure
from reviews.models import InterestDeclaration
from tests.breaking import sound
from tests.decisions.test_correcting import LATER, correct, read_by_releaser, told
from tests.decisions.test_correcting import release as release_of
from tests.factories.accounts import log_in, person
from tests.factories.granting import read
from tests.factories.posting import posted, print_of, printed
from tests.factories.scenarios import after_deadline, committee, decided, open_to, plain_pdf
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def interested(case: Any, user: User, *, at: Any = None) -> InterestDeclaration:
    return declare_interest(
        application_id=case.pk,
        has_interest=True,
        explanation="Mijn broer is daar directeur.",
        actor=user,
        at=at or after_deadline(case, days=29),
    )


def release(case: Any) -> Any:
    releaser, at = committee().releaser, after_deadline(case, days=31)
    open_to(case, releaser, at=at)
    case.refresh_from_db()
    seen = read(case.decision, at=at)
    return release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=releaser, at=at)


def measure(declaration: InterestDeclaration, actor: User) -> None:
    at = after_deadline(declaration.application, days=30)
    record_measure(declaration_id=declaration.pk, measure="Het belang is klein.", actor=actor, at=at)


def test_a_decision_of_an_officer_with_an_interest_is_not_released_until_the_chair_records_a_measure() -> (
    None
):
    case = sound(decided())
    declaration = interested(case, committee().officer)
    with pytest.raises(RuleViolation, match="medewerker"):
        release(case)
    measure(declaration, committee().chair)
    assert release(case) is not None
    assert list(every_violation()) == []


def test_or_until_another_officer_records_it_anew() -> None:
    case = sound(decided())
    interested(case, committee().officer)
    at, other = after_deadline(case, days=30), person(Role.OFFICER)
    for each in (committee().releaser, other):
        open_to(case, each, at=at)
    send_back_decision(decision_id=case.decision.pk, reason="Een belang.", actor=committee().releaser, at=at)
    record_decision(
        application_id=case.pk,
        advice_id=case.advice.pk,
        outcome=Outcome.GRANTED,
        amount=case.decision.amount,
        reasons="Ik volg het advies.",
        actor=other,
        at=at,
    )
    assert release(type(case).objects.get(pk=case.pk)) is not None


def test_nor_is_one_on_advice_that_a_chair_with_an_interest_adopted_until_the_deputy_records_a_measure() -> (
    None
):
    case = sound(decided())
    declaration = interested(case, committee().chair)
    with pytest.raises(RuleViolation, match="voorzitter"):
        release(case)
    measure(declaration, committee().deputy)
    assert release(case) is not None


def test_nor_is_a_correction_of_an_officer_with_an_interest() -> None:
    case = told()
    correction = correct(case)
    interested(case, committee().officer, at=LATER)
    with pytest.raises(RuleViolation, match="medewerker"):
        release_correction(
            correction_id=correction.pk,
            seen=read_by_releaser(correction),
            actor=committee().releaser,
            at=LATER,
        )


def test_a_released_correction_by_mail_is_not_made_until_that_is_settled() -> None:
    case = told()
    letter = release_of(correct(case))
    declaration = interested(case, committee().officer, at=LATER)
    assert list(letters_to_make()) == []
    with pytest.raises(RuleViolation, match="medewerker"):
        produce_letter_of_decision(letter_id=letter.pk, make_pdf=plain_pdf, at=LATER)
    assert list(decisions_in_state(Decision.objects.all(), LetterState.TROUBLE)) == [case.decision]
    record_measure(
        declaration_id=declaration.pk, measure="Het belang is klein.", actor=committee().chair, at=LATER
    )
    assert list(letters_to_make()) == [letter]


def test_a_released_correction_on_paper_is_not_posted_until_that_is_settled() -> None:
    case, other = posted(), person(Role.OFFICER)
    open_to(case, other, at=LATER)
    letter = release_of(correct(case))
    interested(case, committee().officer, at=LATER)
    with pytest.raises(RuleViolation, match="maatregel"):
        ask_for_post(actor=other, at=LATER)
    assert letters_shown_in_post(other, on=local_date(LATER)).get(pk=letter.pk).is_held


def test_the_page_says_so_before_anybody_presses(client) -> None:
    case = sound(decided())
    interested(case, committee().officer)
    open_to(case, committee().releaser, at=after_deadline(case, days=30))
    log_in(client, committee().releaser)
    page = client.get(reverse("admin:letter", args=[case.reference])).content.decode()
    assert ("De brief kan nog niet worden vrijgegeven" in page, 'id="release"' in page) == (True, False)
    assert reverse("admin:send_back_decision", args=[case.reference]) in page


def test_an_interest_that_holds_a_letter_up_is_not_put_aside(client) -> None:
    case = sound(decided())
    declaration = interested(case, committee().chair)
    at = after_deadline(case, days=30)
    with pytest.raises(RuleViolation, match="Het advies of het besluit rust"):
        put_interest_aside(
            declaration_id=declaration.pk, reason="Niets nodig.", actor=committee().deputy, at=at
        )
    log_in(client, committee().deputy)
    page = client.get(reverse("admin:measure", args=[declaration.pk])).content.decode()
    assert ("Het advies of het besluit rust" in page, "aside-heading" in page) == (True, False)


@pytest.mark.parametrize("who", ["officer", "chair", "reviewer"])
def test_a_released_letter_on_paper_is_not_posted_until_a_measure_is_recorded(client: Any, who: str) -> None:
    """Between release and post lie days."""
    case = printed()
    other = person(Role.OFFICER)
    now = after_deadline(case, days=30, hours=2)
    open_to(case, other, at=now)
    found = {
        "officer": committee().officer,
        "chair": committee().chair,
        "reviewer": case.assignments.order_by("pk")[0].reviewer,
    }[who]
    declaration = interested(case, found, at=now)
    with pytest.raises(RuleViolation):
        check_untied(case.decision)
    with pytest.raises(RuleViolation, match="maatregel"):
        ask_for_post(actor=other, at=now)
    with pytest.raises(RuleViolation, match="maatregel"):
        record_posted(print_ids=[print_of(case, at=now).pk], actor=other, at=now)
    log_in(client, other)
    with at_moment(now):
        shown = client.get(reverse("admin:post"))
    assert "Nog niet op de post" in page_text(shown)
    assert 'name="brief"' not in shown.content.decode()
    assert case.decision.letter.sent_at is None
    if who == "reviewer":
        return
    settles = committee().deputy if who == "chair" else committee().chair
    record_measure(declaration_id=declaration.pk, measure="Het belang is klein.", actor=settles, at=now)
    assert len(record_posted(print_ids=[print_of(case, at=now).pk], actor=other, at=now)) == 1


@pytest.mark.parametrize("who", ["officer", "chair", "reviewer"])
def test_a_released_letter_by_mail_is_not_made_until_that_is_settled(client: Any, who: str) -> None:
    """Between release and the job that makes it lie seconds, or a night."""
    case = decided()
    letter = release(case)
    at = after_deadline(case, days=31, minutes=1)
    assert list(letters_to_make()) == [letter]
    found = {
        "officer": committee().officer,
        "chair": committee().chair,
        "reviewer": case.assignments.order_by("pk")[0].reviewer,
    }[who]
    declaration = interested(case, found, at=at)
    assert list(letters_to_make()) == []
    # A worker that took it before the interest came makes nothing either.
    with pytest.raises(RuleViolation):
        produce_letter_of_decision(letter_id=letter.pk, make_pdf=plain_pdf, at=at)
    case.refresh_from_db()
    letter.refresh_from_db()
    assert (case.status, letter.document, OutgoingMail.objects.filter(kind="letter").count()) == (
        "advised",
        None,
        0,
    )
    log_in(client, committee().releaser)
    with at_moment(at):
        shown = page_text(client.get(reverse("admin:letter", args=[case.reference])))
    assert "Deze brief gaat nog niet uit" in shown
    # It waits where somebody looks, and cannot be forgotten.
    assert list(decisions_in_state(Decision.objects.all(), LetterState.TROUBLE)) == [case.decision]
    with pytest.raises(RuleViolation, match="rust op"):
        put_interest_aside(
            declaration_id=declaration.pk,
            reason="Niets nodig.",
            actor=committee().deputy if who == "chair" else committee().chair,
            at=at,
        )
    if who == "reviewer":
        return
    settles = committee().deputy if who == "chair" else committee().chair
    record_measure(declaration_id=declaration.pk, measure="Het belang is klein.", actor=settles, at=at)
    assert list(letters_to_make()) == [letter]
    assert produce_letter_of_decision(letter_id=letter.pk, make_pdf=plain_pdf, at=at)
