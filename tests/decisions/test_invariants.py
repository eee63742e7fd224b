"""Each rule of decisions and letters that is broken by hand in the database is named, with its row."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from applications.domain.frozen import frozen_content
from applications.enums import Status
from applications.models import Application
from decisions import invariants
from decisions.domain.budget_lines import judged, keep_lines
from decisions.models import BankAccount, Decision, GrantedLine, WithdrawnDecision
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.money import dutch_euros
from hubportal.mail.models import OutgoingMail
from letters.enums import Channel, Part
from reviews.domain.results import store_result
from reviews.models import InterestDeclaration
from tests.breaking import (
    Breaks,
    check_constraint,
    copy_of,
    force,
    named,
    past_triggers,
    remove,
    sentences_in,
)
from tests.decided_world import A_SECOND, World, later
from tests.factories.accounts import UserFactory
from tests.factories.mail import queued_mail
from tests.factories.scenarios import decided

pytestmark = pytest.mark.django_db

breaks = Breaks()


@breaks(18, "rests on the seal or the advice of another application")
def advice_of_another(world):
    return force(world.decision, advice=world.advised.advice)


@breaks(18, "rests on the seal or the advice of another application")
def seal_of_another(world):
    return force(world.decision, seal=world.advised.seal)


@breaks(18, "was recorded before the advice was fixed")
def decided_before_the_advice(world):
    force(world.decision.advice, fixed_at=world.decision.recorded_at + A_SECOND)
    return world.decision


@breaks(18, "was measured by another amount than was asked")
def measured_by_another_amount(world):
    # Of a grant it would make another letter.
    rejection = world.rejection.decision
    return force(rejection, requested_amount=rejection.requested_amount + 1)


@breaks(31, "departs from the advice without saying why")
def departing_without_a_word(world):
    # Of a rejection the letter names no amount.
    force(world.rejection.decision.advice, outcome="granted", amount=1)
    return world.rejection.decision


@breaks(14, "was recorded by somebody who reviewed it")
def decided_by_a_reviewer(world):
    local, _at, domain = world.committee.officer.email.partition("@")
    other = UserFactory.create(email=f"{local}+eerder@{domain}")
    force(world.granted.assignments.order_by("pk")[0], reviewer=other)
    return world.decision


@breaks(10, "grants on a declaration that is not signed by both")
def granted_unsigned(world):
    remove(world.granted.signatures.first())
    force(world.granted, fully_signed_at=None)
    return world.decision


@breaks(14, "was recorded by somebody to whom the application was not open")
def decided_without_reading(world):
    access = world.access(world.granted, world.committee.officer)
    force(access, revoked_at=world.decision.recorded_at - A_SECOND)
    return world.decision


@breaks(18, "its granted total is not the sum of its decisions")
def another_total_of_the_call(world):
    return force(world.call, granted_total=1)


@breaks(18, "its granted total is not the sum of its decisions")
def another_total_of_the_round(world):
    return force(world.call.rounds.get(number=2), granted_total=1)


@breaks(26, "is settled although a letter of it was not sent")
def a_round_that_is_settled_too_early(world):
    return force(world.rejected.review_round, settled_at=later(world.rejected, days=90))


def checked(world, **changes):
    """Return an account that counts, given and accepted with the mails about it."""
    account = a_checked_account(world, **changes)
    for moment in {account.given_at, account.checked_at}:
        queued_mail(kind="bank_account", about=account.application.reference, at=moment)
    return account


@breaks(30, "was given for what is no grant that was told")
def an_account_of_a_rejection(world):
    return checked(world, application=world.rejected, checked_at=world.decision.recorded_at + A_SECOND)


@breaks(30, "was given without a mail about it")
def an_account_of_which_nobody_was_told(world):
    account = checked(world, checked_at=world.decision.recorded_at + A_SECOND)
    OutgoingMail.objects.filter(kind="bank_account", queued_at=account.given_at).delete()
    return account


@breaks(30, "was settled without a mail about it")
def an_account_accepted_in_silence(world):
    account = checked(world, checked_at=world.decision.recorded_at + A_SECOND)
    OutgoingMail.objects.filter(kind="bank_account", queued_at=account.checked_at).delete()
    return account


@breaks(14, "was settled by somebody to whom the application was not open")
def an_account_accepted_without_reading(world):
    return checked(world, checked_by=UserFactory.create())


def granted_in_part(world):
    """Return a decision that grants 40,000 of what was asked, whose letter was not released."""
    # Anew: what an earlier test did with it was undone.
    decision = decided(Application.objects.get(pk=world.advised.pk), granted=40_000).decision
    connection.check_constraints()
    return decision


@breaks(31, "grants less than was asked without saying it by budget line")
def a_grant_in_part_without_lines(world):
    decision = granted_in_part(world)
    for line in decision.lines.all():
        remove(line)
    return decision


@breaks(31, "has budget lines though it refuses nothing of them")
def lines_of_a_whole_grant(world):
    connection.check_constraints()
    with past_triggers():
        keep_lines(world.decision, judged(frozen_content(world.granted)["budget"], ()))
    return world.decision


@breaks(31, "its budget lines do not come to its grant")
def lines_that_come_to_something_else(world):
    decision = granted_in_part(world)
    force(decision.lines.get(position=1), accepted=1)
    return decision


@breaks(31, "its budget lines are not those that were sealed")
def lines_of_another_budget(world):
    decision = granted_in_part(world)
    line = decision.lines.get(position=2)
    force(line, asked=line.asked + 1, reason="x")
    return decision


@breaks(19, "its letter names another recorder")
def another_recorder(world):
    force(world.letter, recorded_by=UserFactory.create())
    return world.decision


@breaks(19, "was recorded after its letter was released")
def released_before_the_decision(world):
    return force(world.decision, recorded_at=world.letter.released_at + A_SECOND)


@breaks(20, "rejects on a ground of another call")
def ground_of_another_call(world):
    elsewhere = world.other_call.rejection_grounds.get(key="commissie")
    force(elsewhere, sentence=world.call.rejection_grounds.get(key="commissie").sentence)
    return force(Decision.objects.get(application=world.rejected), ground=elsewhere)


@breaks(29, "was told though its advice rests on a review that does not count")
def released_on_a_review_that_is_out(world):
    assignment = world.granted.assignments.order_by("pk")[0]
    released_at = world.letter.released_at
    force(assignment, ended_at=released_at - A_SECOND, ended_because="interest")
    store_result(world.granted)
    return world.letter


@breaks(29, "was told though who recorded it had an interest")
def released_though_its_recorder_had_an_interest(world):
    _interest_of(world, world.letter.recorded_by)
    return world.letter


@breaks(29, "was told though who adopted its advice had an interest")
def released_though_the_chair_had_an_interest(world):
    _interest_of(world, world.decision.advice.fixed_by)
    return world.decision


def _interest_of(world, user):
    declaration = InterestDeclaration.objects.get(application=world.granted, user=user, replaced_at=None)
    force(declaration, has_interest=True, explanation="Buren.", declared_at=world.letter.released_at)


@breaks(14, "was released by somebody to whom the application was not open")
def released_without_reading(world):
    access = world.access(world.granted, world.committee.releaser)
    force(access, granted_at=world.letter.released_at + A_SECOND)
    return world.letter


@breaks(19, "has no copy for every partner")
def partner_without_a_copy(world):
    remove(world.letter.recipients.get(part=Part.COPY))
    return world.letter


@breaks(19, "its status was not told by a letter")
def a_status_without_a_letter(world):
    force(world.rejection.decision, letter=None)
    return world.rejected


@breaks(19, "its letter is made, but its application does not have that status")
def a_letter_without_its_status(world):
    remove(AuditEvent.objects.get(act="applications.rejected", subject_id=world.rejected.pk))
    force(world.rejected, status=Status.ADVISED)
    return world.rejection.decision


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(world: World, rule: int, sentence: str, act: Callable[[World], Any]) -> None:
    rows = act(world)
    assert list(invariants.violations()) == named(rule, sentence, rows)


OF_ANOTHER = "its letter is about another application"


def test_a_letter_of_another_case_is_named(world: World) -> None:
    letter, decision = world.rejection, world.decision
    force(letter.decision, letter=None)
    force(decision, letter=letter)
    assert named(19, OF_ANOTHER, decision)[0] in set(invariants.violations())


UNCHOSEN = "goes on paper without a cause"


def test_a_letter_on_paper_that_nobody_chose_and_that_never_came_back_is_named(world: World) -> None:
    mailed = world.letter.mail
    force(world.letter, channel=Channel.POST, mail=None, posted_by=world.committee.officer)
    assert named(19, UNCHOSEN, world.letter)[0] in set(invariants.violations())
    force(world.letter, mail=mailed, resend_reason="Kwam terug.")
    assert named(19, UNCHOSEN, world.letter)[0] not in set(invariants.violations())


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences | {OF_ANOTHER, UNCHOSEN}


LACKING: dict[str, Callable[[dict[str, Any], World], Any]] = {
    "the advice of the committee": lambda content, world: content["annex"].update(sections=[]),
    "the reasons of the decision": lambda content, world: replace(content, world.decision.reasons),
    "the addressee as it applied": lambda content, world: content["addressee"].update(name="Een ander"),
    "the application as it was sealed": lambda content, world: replace(
        content, world.decision.application.title
    ),
    "the amount": lambda content, world: replace(content, dutch_euros(world.decision.amount)),
}


def replace(content: dict[str, Any], words: str) -> None:
    """Take words out of every section."""
    content["sections"] = json.loads(json.dumps(content["sections"], ensure_ascii=False).replace(words, ""))


@pytest.mark.parametrize("part", LACKING)
def test_a_letter_that_lacks_a_part_is_named(world: World, part: str) -> None:
    content = json.loads(bytes(world.letter.content))
    LACKING[part](content, world)
    written = canonical_bytes(content)
    force(world.letter, content=written, content_sha256=digest(written))
    assert list(every_violation()) == named(20, f"does not carry {part}", world.letter)


def test_a_rejection_without_its_ground_is_named(world: World) -> None:
    content = json.loads(bytes(world.rejection.content))
    replace(content, world.rejection.decision.ground.sentence)
    written = canonical_bytes(content)
    force(world.rejection, content=written, content_sha256=digest(written))
    assert list(every_violation()) == named(20, "does not carry the ground of the rejection", world.rejection)


def test_a_letter_that_tells_of_another_outcome_is_named(world: World) -> None:
    partly = world.call.letter_texts.get(kind__key="decision_partly_granted")
    content = {**json.loads(bytes(world.letter.content)), "kind": "decision_partly_granted"}
    written = canonical_bytes(content)
    force(world.letter, text=partly, content=written, content_sha256=digest(written))
    expected = named(20, "does not carry the outcome of the decision", world.letter)
    assert list(every_violation()) == expected


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


def a_line_twice(decision: Decision) -> list[Any]:
    with past_triggers():
        return twice(decision.lines.get(position=1))


def an_account(world: World, **changes: Any) -> BankAccount:
    values = {
        "application": world.granted,
        "iban": "NL91ABNA0417164300",
        "holder": "x",
        "given_by": world.committee.chair,
        "given_at": world.decision.recorded_at,
    }
    return BankAccount.objects.create(**{**values, **changes})


def a_checked_account(world: World, **changes: Any) -> BankAccount:
    checked = {"checked_by": world.committee.officer, "checked_at": world.decision.recorded_at}
    return an_account(world, state="counts", **{**checked, **changes})


CONSTRAINTS: dict[str, tuple[Any, Callable[[World], Any]]] = {
    "Decision.application": (
        Decision,
        lambda world: twice(
            world.decision, letter=None, seal=world.advised.seal, advice=world.advised.advice
        ),
    ),
    "Decision.seal": (
        Decision,
        lambda world: twice(
            world.decision, letter=None, application=world.advised, advice=world.advised.advice
        ),
    ),
    "Decision.advice": (
        Decision,
        lambda world: twice(world.decision, letter=None, application=world.advised, seal=world.advised.seal),
    ),
    "decision_amount_fits_its_outcome": (Decision, lambda world: force(world.decision, amount=0)),
    "decision_has_reasons": (Decision, lambda world: force(world.decision, reasons="")),
    "decision_rejects_on_a_ground": (
        Decision,
        lambda world: force(Decision.objects.get(application=world.rejected), ground=None),
    ),
    "withdrawn_decision_is_explained": (
        WithdrawnDecision,
        lambda world: WithdrawnDecision.objects.create(
            number=1,
            application=world.advised,
            advice_number=1,
            outcome="rejected",
            amount=0,
            reasons="x",
            recorded_by=world.committee.officer,
            recorded_at=world.decision.recorded_at,
            reason="",
            withdrawn_by=world.committee.officer,
            withdrawn_at=world.decision.recorded_at,
        ),
    ),
    "bank_account_one_waits_per_application": (
        BankAccount,
        lambda world: [an_account(world), an_account(world)],
    ),
    "bank_account_one_counts_per_application": (
        BankAccount,
        lambda world: [a_checked_account(world), a_checked_account(world)],
    ),
    "bank_account_checked_by_somebody_else": (
        BankAccount,
        lambda world: a_checked_account(world, given_by=world.committee.officer),
    ),
    "bank_account_state_fits_its_check": (BankAccount, lambda world: an_account(world, state="counts")),
    "bank_account_written_as_iban": (BankAccount, lambda world: an_account(world, iban="nl91")),
    "granted_line_once_per_position": (
        GrantedLine,
        lambda world: a_line_twice(granted_in_part(world)),
    ),
    "granted_line_no_higher_than_asked": (
        GrantedLine,
        lambda world: force(granted_in_part(world).lines.get(position=2), accepted=100_000, reason="x"),
    ),
    "granted_line_says_why_it_is_lower": (
        GrantedLine,
        lambda world: force(granted_in_part(world).lines.get(position=1), reason=" "),
    ),
    "Decision.letter": (
        Decision,
        lambda world: [
            world.decision,
            force(Decision.objects.get(application=world.rejected), letter=world.letter),
        ],
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(world: World, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(world))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
