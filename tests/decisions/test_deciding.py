"""A decision needs the committee's advice, belongs to a sealed application and stays below the ceiling (rule 18)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from applications.domain.lifecycle import WrongStatus
from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from calls.models import Call, ReviewRound
from decisions.domain.deciding import AboveCeiling, AdviceChanged, AlreadyDecided, record_decision
from decisions.models import Decision
from decisions.queries import awaiting_decision, awaiting_release
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from reviews.domain.interests import declare_interest
from reviews.models import CommitteeAdvice
from tests.factories.accounts import person
from tests.factories.calls import make_call
from tests.factories.granting import lowered_to
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    committee,
    decided,
    open_to,
    released,
    reviewed,
    sealed,
    several_submitted,
    submitted,
)
from tests.racing import held_open, race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=40)


def decide(case: Any, actor: Any = None, **values: Any) -> Decision:
    is_rejection = values.get("outcome") == Outcome.REJECTED
    defaults = {
        "application_id": case.pk,
        "advice_id": CommitteeAdvice.objects.filter(application=case.pk).values_list("pk", flat=True).first()
        or 0,
        "ground": case.call.rejection_grounds.first() if is_rejection else None,
        "outcome": Outcome.GRANTED,
        "amount": case.requested_amount,
        "reasons": "Ik volg het advies.",
        "deviation": "Het plan overtuigt mij anders dan de commissie.",
        "actor": actor or committee().officer,
        "at": LATER,
    }
    asked = {**defaults, **values}
    lines = () if is_rejection else lowered_to(case, asked["amount"])
    return record_decision(**{"lines": lines, **asked})


def open_case(**values: Any) -> Any:
    case = advised(**values)
    open_to(case, committee().officer)
    return case


def test_a_decision_rests_on_the_advice_that_was_shown() -> None:
    """Rule 30: the act compares it, under its lock."""
    case = open_case()
    with pytest.raises(AdviceChanged):
        decide(case, advice_id=case.advice.pk + 1)
    assert not Decision.objects.exists()


def two_advised(**call_values: Any) -> list[Any]:
    cases = several_submitted(2, call=make_call(**call_values))
    for case in cases:
        case.refresh_from_db()
        advised(case)
        open_to(case, committee().officer)
    return cases


def granted(call: Call) -> Decimal:
    return Call.objects.get(pk=call.pk).granted_total


class TestRecording:
    def test_a_grant_is_recorded_and_set_aside_in_call_and_round(self) -> None:
        case = open_case()
        decision = decide(case, amount=Decimal("40000.50"))
        assert (decision.amount, decision.advice, decision.seal) == (
            Decimal("40000.50"),
            case.advice,
            case.seal,
        )
        assert granted(case.call) == Decimal("40000.50")
        assert ReviewRound.objects.get(pk=case.review_round_id).granted_total == Decimal("40000.50")
        event = AuditEvent.objects.get(act="decisions.recorded")
        assert (event.actor_id, event.facts) == (committee().officer.pk, {"outcome": "granted"})

    def test_a_rejection_names_its_ground_and_a_call_with_one_ground_leaves_nothing_to_choose(self) -> None:
        """Rule 20."""
        case = open_case()
        only = case.call.rejection_grounds.get(key="commissie")
        case.call.rejection_grounds.exclude(pk=only.pk).delete()
        assert decide(case, outcome=Outcome.REJECTED, ground=None).ground == only

    def test_where_there_are_more_grounds_one_of_the_call_is_chosen(self) -> None:
        case, elsewhere = open_case(), make_call(slug="elders", reference_prefix="ELD")
        second = case.call.rejection_grounds.get(key="plafond")
        for wrong in (None, elsewhere.rejection_grounds.get(key="plafond")):
            with pytest.raises(RuleViolation) as refusal:
                decide(case, outcome=Outcome.REJECTED, ground=wrong)
            assert refusal.value.field == "ground"
        assert decide(case, outcome=Outcome.REJECTED, ground=second).ground == second

    def test_a_grant_has_no_ground(self) -> None:
        case = open_case()
        assert decide(case, ground=case.call.rejection_grounds.first()).ground is None

    def test_a_rejection_sets_nothing_aside_whatever_amount_was_typed(self) -> None:
        case = open_case()
        assert decide(case, outcome=Outcome.REJECTED, amount=Decimal(500)).amount == 0
        assert granted(case.call) == 0

    def test_the_application_moves_only_when_its_letter_is_made(self) -> None:
        case = decided()
        assert case.status == Status.ADVISED

    @pytest.mark.parametrize("stage", [submitted, sealed, reviewed])
    def test_before_the_advice_nothing_is_decided(self, stage: Any) -> None:
        case = stage()
        open_to(case, committee().officer)
        with pytest.raises(WrongStatus):
            decide(case)

    def test_a_second_decision_is_refused(self) -> None:
        case = open_case()
        decide(case)
        with pytest.raises(AlreadyDecided):
            decide(case, outcome=Outcome.REJECTED)
        assert granted(case.call) == case.requested_amount

    @pytest.mark.parametrize("amount", ["0", "-0.01", "48000.01"])
    def test_an_amount_of_nothing_or_above_what_was_asked_is_refused(self, amount: str) -> None:
        with pytest.raises(RuleViolation) as refusal:
            decide(open_case(), amount=Decimal(amount))
        assert refusal.value.field == "amount"

    def test_it_has_reasons(self) -> None:
        with pytest.raises(RuleViolation) as refusal:
            decide(open_case(), reasons=" \n")
        assert refusal.value.field == "reasons"

    def test_no_grant_on_a_declaration_that_is_not_signed(self) -> None:
        """Rule 10."""
        case = open_case(signed=False)
        with pytest.raises(RuleViolation):
            decide(case)
        assert decide(case, outcome=Outcome.REJECTED)

    def test_the_office_may_differ_from_the_advice(self) -> None:
        assert decide(open_case(outcome=Outcome.REJECTED)).outcome == Outcome.GRANTED


class TestWho:
    @pytest.mark.parametrize(
        "role", [Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.RELEASER, Role.ADMINISTRATOR]
    )
    def test_only_officers_decide(self, role: Role) -> None:
        case, user = open_case(), person(role)
        if role not in {Role.REVIEWER, Role.ADMINISTRATOR}:
            open_to(case, user)
        with pytest.raises(NotAllowed):
            decide(case, user)

    def test_an_officer_declares_first(self) -> None:
        """Rule 14."""
        case, officer = advised(), person(Role.OFFICER)
        assert not awaiting_decision(officer).exists()
        with pytest.raises(NotAllowed):
            decide(case, officer)
        open_to(case, officer)
        assert list(awaiting_decision(officer)) == [case]
        assert decide(case, officer)
        assert not awaiting_decision(officer).exists()

    def test_an_officer_with_an_interest_decides_nothing(self) -> None:
        """Rule 14."""
        case, officer = advised(), person(Role.OFFICER)
        declare_interest(application_id=case.pk, has_interest=True, explanation="Ja", actor=officer, at=AT)
        with pytest.raises(NotAllowed):
            decide(case, officer)

    def test_what_was_decided_waits_for_a_releaser_who_did_not_record_it(self) -> None:
        case = decided()
        both = person(Role.RELEASER)
        open_to(case, both)
        assert list(awaiting_release(both)) == [case.decision]
        assert not awaiting_release(committee().officer).exists()


class TestCeiling:
    def test_a_grant_that_passes_the_ceiling_of_the_call_is_refused(self) -> None:
        one, other = two_advised(ceiling="95999.99")
        decide(one)
        with pytest.raises(AboveCeiling) as refusal:
            decide(other)
        assert (refusal.value.field, granted(one.call)) == ("amount", 48_000)
        assert not Decision.objects.filter(application=other).exists()
        assert decide(other, amount=Decimal("47999.99"))
        assert granted(one.call) == Decimal("95999.99")

    def test_a_grant_that_passes_the_ceiling_of_the_round_is_refused(self) -> None:
        one, other = two_advised()
        ReviewRound.objects.filter(pk=one.review_round_id).update(ceiling=60_000)
        decide(one)
        with pytest.raises(AboveCeiling):
            decide(other)
        assert granted(one.call) == 48_000
        assert decide(other, outcome=Outcome.REJECTED)

    def test_the_whole_ceiling_may_be_granted(self) -> None:
        one, other = two_advised(ceiling="96000.00")
        decide(one)
        decide(other)
        assert granted(one.call) == 96_000

    @pytest.mark.django_db(transaction=True)
    def test_two_officers_at_once_never_pass_it(self) -> None:
        one, other = two_advised(ceiling="60000.00")
        officers = [person(Role.OFFICER), person(Role.OFFICER)]
        for case, officer in zip((one, other), officers, strict=True):
            open_to(case, officer)
        outcomes = race(lambda: decide(one, officers[0]), lambda: decide(other, officers[1]))
        assert sorted(type(each).__name__ for each in outcomes) == ["AboveCeiling", "Decision"]
        assert (granted(one.call), Decision.objects.count()) == (48_000, 1)

    @pytest.mark.django_db(transaction=True)
    def test_the_second_officer_waits_for_the_first_and_sees_what_is_left(self) -> None:
        one, other = two_advised(ceiling="60000.00")
        officer = committee().officer
        with held_open(lambda: decide(one, officer)) as meanwhile:
            second = meanwhile(lambda: decide(other, officer))
            assert second.waits()
        with pytest.raises(AboveCeiling):
            second.result()

    @pytest.mark.django_db(transaction=True)
    def test_two_officers_at_one_application_record_one_decision(self) -> None:
        case = open_case()
        officer, colleague = committee().officer, person(Role.OFFICER)
        open_to(case, colleague)
        outcomes = race(
            lambda: decide(case, officer), lambda: decide(case, colleague, outcome=Outcome.REJECTED)
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided", "Decision"]
        assert Decision.objects.count() == 1
        expected = case.requested_amount if Decision.objects.get().outcome == Outcome.GRANTED else 0
        assert granted(case.call) == expected


class TestDatabase:
    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_a_decision_never_changes(self, act: str) -> None:
        decided()
        rows = Decision.objects.all()
        with refused_by("decision_never_changes" if act == "update" else "decision_never_removed"):
            rows.update(reasons="Anders") if act == "update" else rows._raw_delete(rows.db)

    def test_the_letter_of_a_decision_is_set_once(self) -> None:
        case, other = several_submitted(2)
        released(case)
        other.refresh_from_db()
        for letter in (None, released(other).decision.letter):
            with refused_by("decision_never_changes"):
                Decision.objects.filter(application=case).update(letter=letter)

    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("decision_amount_fits_its_outcome", {"amount": 0}),
            ("decision_amount_fits_its_outcome", {"amount": "48000.01"}),
            ("decision_amount_fits_its_outcome", {"outcome": "rejected"}),
            ("decision_rejects_on_a_ground", {"outcome": "rejected", "amount": 0}),
            ("decision_has_reasons", {"reasons": ""}),
        ],
    )
    def test_a_decision_that_cannot_be_is_refused(self, constraint: str, values: dict[str, Any]) -> None:
        case = Application.objects.get(pk=advised().pk)
        row = {
            "application": case,
            "seal": case.seal,
            "advice": case.advice,
            "outcome": "granted",
            "amount": 1,
            "requested_amount": case.requested_amount,
            "reasons": "x",
            "recorded_by": committee().officer,
            "recorded_at": AT,
        }
        with refused_by(constraint):
            Decision.objects.create(**{**row, **values})
