"""Each rule of decisions and letters that is broken by hand in the database is named, with its row."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from applications.enums import Status
from calls.enums import Outcome
from decisions import invariants
from decisions.models import Decision, DecisionLetter
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.money import euros
from hubportal.mail.models import OutgoingMail
from tests.breaking import Breaks, check_constraint, copy_of, force, named, remove, sentences_in
from tests.decided_world import A_SECOND, World
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

breaks = Breaks()
NOT_MADE: dict[str, Any] = {"document": None, "dated_on": None, "mail": None, "objection_deadline_on": None}


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
    return force(world.decision, requested_amount=world.decision.requested_amount + 1)


@breaks(10, "grants on a declaration that is not signed by both")
def granted_unsigned(world):
    remove(world.granted.signatures.first())
    return world.decision


@breaks(14, "was recorded by somebody to whom the application was not open")
def decided_without_reading(world):
    access = world.access(world.granted, world.committee.officer)
    force(access, withdrawn_at=world.decision.recorded_at - A_SECOND)
    return world.decision


@breaks(18, "its granted total is not the sum of its decisions")
def another_total_of_the_call(world):
    return force(world.call, granted_total=1)


@breaks(18, "its granted total is not the sum of its decisions")
def another_total_of_the_round(world):
    return force(world.call.rounds.get(number=2), granted_total=1)


@breaks(19, "its words do not match their SHA-256")
def altered_words(world):
    return force(world.letter, content=b"{}")


@breaks(19, "names another recorder than its decision")
def another_recorder(world):
    return force(world.letter, recorded_by=UserFactory.create())


@breaks(19, "was released before its decision was recorded")
def released_before_the_decision(world):
    force(world.decision, recorded_at=world.letter.released_at + A_SECOND)
    return world.letter


@breaks(14, "was released by somebody to whom the application was not open")
def released_without_reading(world):
    access = world.access(world.granted, world.committee.releaser)
    force(access, granted_at=world.letter.released_at + A_SECOND)
    return world.letter


@breaks(19, "has a document that is no letter about its application")
def document_of_another_case(world):
    force(world.letter.document, about="CRP24-9999")
    return world.letter


@breaks(19, "has a document that is no letter about its application")
def receipt_instead_of_a_letter(world):
    force(world.letter.document, kind="receipt")
    return world.letter


@breaks(20, "has another date than its document")
def another_date(world):
    return force(world.letter, dated_on=world.letter.dated_on + timedelta(days=1))


@breaks(19, "is not enclosed in its mail")
def mail_without_the_letter(world):
    world.letter.mail.attachments.all().delete()
    return world.letter


@breaks(19, "was not copied to every partner")
def partner_without_a_copy(world):
    copy = OutgoingMail.objects.get(kind="decision_copy", about=world.granted.reference)
    force(copy, about="CRP24-9999")
    return world.letter


@breaks(19, "was not copied to every partner")
def copy_without_the_letter(world):
    copy = OutgoingMail.objects.get(kind="decision_copy", about=world.granted.reference)
    copy.attachments.all().delete()
    return world.letter


@breaks(19, "its moment of sending is not that of its mail")
def another_moment_of_sending(world):
    return force(world.letter, sent_at=world.letter.sent_at + A_SECOND)


@breaks(19, "its moment of sending is not that of its mail")
def sent_while_its_mail_is_not(world):
    force(world.letter.mail, status="queued", sent_at=None)
    return world.letter


@breaks(19, "its status was not told by a letter")
def a_status_without_a_letter(world):
    force(world.rejection, **NOT_MADE)
    return world.rejected


@breaks(19, "is made, but its application does not have that status")
def a_letter_without_its_status(world):
    remove(AuditEvent.objects.get(act="applications.rejected", subject_id=world.rejected.pk))
    force(world.rejected, status=Status.ADVISED)
    return world.rejection


@breaks(20, "its last day to object is not computed from sending")
def another_last_day(world):
    day = world.letter.objection_deadline_on + timedelta(days=1)
    return force(world.letter, objection_deadline_on=day)


@breaks(20, "its last day to object is not computed from sending")
def another_last_day_before_sending(world):
    day = world.rejection.objection_deadline_on - timedelta(days=1)
    return force(world.rejection, objection_deadline_on=day)


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(world: World, rule: int, sentence: str, act: Callable[[World], Any]) -> None:
    rows = act(world)
    assert list(every_violation()) == named(rule, sentence, rows)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences


LACKING: dict[str, Callable[[dict[str, Any], World], Any]] = {
    "the addressee": lambda content, world: content["addressee"].update(name=""),
    "the reference": lambda content, world: content.update(reference=world.rejected.reference),
    "the outcome of the decision": lambda content, world: content.update(kind=Outcome.REJECTED.value),
    "the deciding body": lambda content, world: content["sender"].update(name=""),
    "the mandate": lambda content, world: content["closing"].update(on_behalf_of=""),
    "the advice of the committee": lambda content, world: content["annex"].update(sections=[]),
    "the reasons of the decision": lambda content, world: replace(content, world.decision.reasons),
    "the amount": lambda content, world: replace(content, euros(world.decision.amount)),
    "the last day to object": lambda content, world: replace(content, "{objection_deadline}"),
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


def test_a_letter_that_cannot_be_read_is_named(world: World) -> None:
    force(world.letter, content=b"geen brief", content_sha256=digest(b"geen brief"))
    assert list(every_violation()) == named(20, "does not carry any words that can be read", world.letter)


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


CONSTRAINTS: dict[str, tuple[Any, Callable[[World], Any]]] = {
    "Decision.application": (
        Decision,
        lambda world: twice(world.decision, seal=world.advised.seal, advice=world.advised.advice),
    ),
    "Decision.seal": (
        Decision,
        lambda world: twice(world.decision, application=world.advised, advice=world.advised.advice),
    ),
    "Decision.advice": (
        Decision,
        lambda world: twice(world.decision, application=world.advised, seal=world.advised.seal),
    ),
    "decision_amount_fits_its_outcome": (Decision, lambda world: force(world.decision, amount=0)),
    "decision_has_reasons": (Decision, lambda world: force(world.decision, reasons="")),
    "decision_letter_released_by_somebody_else": (
        DecisionLetter,
        lambda world: force(world.letter, released_by=world.letter.recorded_by),
    ),
    "decision_letter_produced_whole": (DecisionLetter, lambda world: force(world.letter, dated_on=None)),
    "decision_letter_sent_only_when_produced": (
        DecisionLetter,
        lambda world: force(world.letter, **NOT_MADE),
    ),
    "DecisionLetter.decision": (
        DecisionLetter,
        lambda world: twice(world.letter, **NOT_MADE, sent_at=None),
    ),
    "DecisionLetter.document": (
        DecisionLetter,
        lambda world: [world.letter, force(world.rejection, document=world.letter.document)],
    ),
    "DecisionLetter.mail": (
        DecisionLetter,
        lambda world: [world.letter, force(world.rejection, mail=world.letter.mail)],
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(world: World, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(world))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
