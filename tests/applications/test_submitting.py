"""Submitting: complete, in time, once (rules 2, 3, 6, 7, 8 and 11)."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from applications.domain.consents import ask_consent
from applications.domain.drafting import CallClosed, save_particulars, save_people, save_section
from applications.domain.elsewhere import TakenElsewhere
from applications.domain.lifecycle import WrongStatus
from applications.domain.readiness import NotReady, what_is_missing
from applications.domain.sealing import seal_round
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import DeadlinePassed, submit, withdraw
from applications.enums import Status
from applications.models import Application, FrozenContent, Receipt
from calls.models import Call
from coalitions.models import Participation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.models import OutgoingMail
from organisations.legal_forms import LegalForm
from tests.factories.accounts import UserFactory
from tests.factories.calls import make_call
from tests.factories.moments import AT, CALL_OPENS, moment
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import (
    consented,
    join,
    people_of,
    plan_budget,
    produced,
    ready,
    sealed,
    started,
    submitted,
    written,
)
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)


def hand_in(case: Any, *, round_number: int = 1, at: Any = AT, actor: Any = None) -> Application:
    return submit(
        application_id=case.pk,
        for_round_id=case.call.rounds.get(number=round_number).pk,
        actor=actor or case.applicant,
        at=at,
    )


def missing(case: Any) -> list[tuple[str, str]]:
    """Return page and English sentence of what is missing for the first round."""
    case.refresh_from_db()
    with translation.override("en"):
        found = what_is_missing(snapshot_of(case), review_round=case.call.rounds.get(number=1), at=AT)
        # Names in them are marked as Dutch; what is said counts here.
        return [(each.page, strip_tags(str(each.sentence))) for each in found]


class TestReady:
    def test_nothing_is_missing_in_a_complete_application(self) -> None:
        assert missing(ready()) == []

    def test_an_empty_one_is_told_everything_in_the_order_of_the_pages(self) -> None:
        case = started()
        pages = [page for page, _sentence in missing(case)]
        assert pages == ["particulars"] * 3 + ["people"] * 4 + ["partners"] + ["section"] * 8 + ["budget"]
        with pytest.raises(NotReady) as refusal:
            hand_in(case)
        assert len(refusal.value.missing) == len(pages)
        case.refresh_from_db()
        assert (case.status, case.submitted_at, case.review_round) == (Status.DRAFT, None, None)
        assert not (Receipt.objects.exists() or FrozenContent.objects.exists())

    @pytest.mark.parametrize(
        ("amount", "is_refused"), [("50000.00", False), ("50000.01", True), ("0.01", False)]
    )
    def test_the_amount_is_above_zero_and_at_most_the_maximum(self, amount: str, is_refused: bool) -> None:
        """Rule 6."""
        case = ready()
        plan_budget(case, amount)
        pages = [page for page, _sentence in missing(case)]
        assert ("budget" in pages) == is_refused

    def test_an_amount_of_nothing_is_refused(self) -> None:
        case = ready()
        plan_budget(case, 0)
        assert ("budget", "Fill in the budget: you have not requested any amount yet.") in missing(case)

    def test_one_partner_too_few_is_refused(self) -> None:
        """Rule 8."""
        case = written(partners=0)
        assert missing(case) == [("partners", "At least 2 organisations apply together; you have 1.")]

    def test_the_call_says_how_many_take_part(self) -> None:
        call = make_call(min_parties=3)
        case = ready(call=call, partners=1)
        assert missing(case) == [("partners", "At least 3 organisations apply together; you have 2.")]

    def test_a_partner_that_was_not_asked_or_has_not_answered_is_named(self) -> None:
        case = written(partners=1)
        name = case.partners[0].organisation.name
        assert missing(case) == [("partners", f"Ask {name} for consent.")]
        ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
        assert missing(case) == [("partners", f"{name} has been asked for consent and has not answered yet.")]

    def test_a_consent_to_an_earlier_text_does_not_count(self) -> None:
        """Rule 9."""
        case = ready(partners=1)
        spec = case.call.sections.first()
        save_section(
            reference=case.reference, key=spec.key, text="Anders", seen_version=1, actor=case.applicant, at=AT
        )
        with pytest.raises(NotReady):
            hand_in(case)

    def test_a_partner_that_joined_later_is_asked_too(self) -> None:
        case = ready(partners=1)
        case.partners.append(join(case.coalition_id, case.coalition.region, actor=case.applicant))
        assert len(missing(case)) == 2
        for partner in case.partners:
            consented(case, partner)
        assert missing(case) == []

    def test_a_partner_that_is_no_legal_person_any_more_is_refused(self) -> None:
        """Rule 8."""
        case = ready(partners=1)
        Participation.objects.filter(pk=case.partners[0].pk).update(stated_legal_form=LegalForm.PARTNERSHIP)
        assert [page for page, _sentence in missing(case)] == ["partners"]

    def test_a_start_before_the_expected_award_is_refused(self) -> None:
        """Rule 7."""
        award = date(2024, 6, 25)
        case = ready(starts_on=award)
        assert missing(case) == []
        save_particulars(
            application_id=case.pk,
            title=case.title,
            starts_on=award - timedelta(days=1),
            duration_months=6,
            seen_version=case.particulars_version,
            actor=case.applicant,
            at=AT,
        )
        consented(case, case.partners[0])
        assert missing(case) == [
            ("particulars", "Start on or after 25-06-2024: that is when the award of this round is expected.")
        ]

    def test_a_section_that_is_too_long_is_to_be_shortened(self) -> None:
        case = ready()
        spec = case.call.sections.first()
        save_section(
            reference=case.reference,
            key=spec.key,
            text="a" * 3001,
            seen_version=1,
            actor=case.applicant,
            at=AT,
        )
        consented(case, case.partners[0])
        assert missing(case) == [
            ("section", "Shorten the section “De regio”: it has 3001 characters and the maximum is 3000.")
        ]

    @pytest.mark.parametrize(
        "field", ["signatory_name", "signatory_email", "leader_name", "leader_organisation"]
    )
    def test_the_three_people_are_named(self, field: str) -> None:
        """Rule 10."""
        case = ready()
        values = {**people_of(case), field: None if field.endswith("organisation") else ""}
        save_people(
            application_id=case.pk,
            values=values,
            seen_version=case.people.version,
            actor=case.applicant,
            at=AT,
        )
        assert [page for page, _sentence in missing(case)] == ["people"]


class TestOneOfEach:
    """Whether a region or an organisation may apply twice is the call's data (rule 11)."""

    def two(self, **flags: bool) -> tuple[Any, Any]:
        call = make_call(**flags)
        first = submitted(call=call)
        partner = first.partners[0].organisation
        second = written(call=call, region=first.coalition.region, partners=0, coalition_name="Andere")
        second.partners.append(
            join(second.coalition_id, second.coalition.region, actor=second.applicant, organisation=partner)
        )
        consented(second, second.partners[0])
        return first, second

    def test_in_2024_both_may(self) -> None:
        _first, second = self.two()
        assert hand_in(second).status == Status.SUBMITTED

    def refused(self, case: Any) -> list[str]:
        """Return why an application that is complete is not taken."""
        assert missing(case) == []
        with translation.override("en"), pytest.raises(TakenElsewhere) as refusal:
            hand_in(case)
        case.refresh_from_db()
        assert case.status == Status.DRAFT
        with translation.override("en"):
            return [strip_tags(str(each)) for each in refusal.value.sentences]

    def test_a_call_may_take_one_of_each_region(self) -> None:
        _first, second = self.two(allows_several_coalitions_per_region=False)
        assert self.refused(second) == [
            "Another coalition from this region has already applied to this call."
        ]

    def test_a_call_may_take_each_organisation_once(self) -> None:
        first, second = self.two(allows_several_coalitions_per_organisation=False)
        name = first.partners[0].organisation.name
        assert self.refused(second) == [f"{name} is already taking part in another application to this call."]
        withdraw(application_id=first.pk, actor=first.applicant, at=AT)
        assert hand_in(second).status == Status.SUBMITTED

    def test_what_lacks_is_told_first(self) -> None:
        """Rule 26: who only typed a number hears nothing of it."""
        _first, second = self.two(allows_several_coalitions_per_organisation=False)
        plan_budget(second, "1.00")
        with pytest.raises(NotReady) as refusal:
            hand_in(second)
        assert [each.page for each in refusal.value.missing] == ["partners"]

    @pytest.mark.django_db(transaction=True)
    def test_two_of_one_region_at_once_are_one(self) -> None:
        call = make_call(allows_several_coalitions_per_region=False)
        first = ready(call=call)
        second = ready(call=call, region=first.coalition.region, coalition_name="Andere")
        with held_open(lambda: hand_in(first)) as meanwhile:
            other = meanwhile(lambda: hand_in(second))
            assert other.waits()
        with pytest.raises(TakenElsewhere):
            other.result()


class TestInTime:
    def test_a_submission_is_received_at_the_moment_of_its_request(self) -> None:
        """Rule 2."""
        at = moment("2024-05-14T13:59:59.999999")
        case = submitted(at=at)
        assert (case.status, case.submitted_at, case.submitted_by) == (Status.SUBMITTED, at, case.applicant)
        assert (case.review_round.number, Receipt.objects.get().made_at) == (1, at)

    def test_at_the_deadline_the_next_round_is_offered_and_the_draft_kept(self) -> None:
        """Rule 3."""
        case = ready(starts_on=date(2024, 9, 10))
        at = moment("2024-05-14T14:00:00")
        with pytest.raises(DeadlinePassed) as refusal:
            hand_in(case, at=at)
        assert refusal.value.next_round == case.call.rounds.get(number=2)
        case.refresh_from_db()
        assert case.is_draft
        assert hand_in(case, round_number=2, at=at).review_round.number == 2

    def test_in_the_gap_it_joins_the_next_round(self) -> None:
        """Rule 3."""
        case = submitted(at=moment("2024-06-20T12:00"))
        assert case.review_round.number == 3

    def test_before_the_opening_it_is_refused_and_the_draft_kept(self) -> None:
        case = ready(at=CALL_OPENS)
        with pytest.raises(CallClosed):
            hand_in(case, at=CALL_OPENS - TICK)
        case.refresh_from_db()
        assert case.is_draft
        assert hand_in(case, at=CALL_OPENS).status == Status.SUBMITTED

    @pytest.mark.parametrize("at", ["2024-09-24T14:00:00", "2025-01-01T00:00"])
    def test_after_the_last_deadline_it_is_refused_and_the_draft_kept(self, at: str) -> None:
        case = ready(at=moment("2024-09-01T12:00"))
        with pytest.raises(DeadlinePassed) as refusal:
            hand_in(case, round_number=5, at=moment(at))
        assert refusal.value.next_round is None
        case.refresh_from_db()
        assert case.is_draft
        assert hand_in(case, round_number=5, at=moment("2024-09-24T13:59:59.999999")).review_round.number == 5

    @pytest.mark.parametrize("deadline", ["2024-03-31T14:00", "2024-10-27T14:00"])
    def test_on_the_days_the_clock_changes_the_deadline_is_at_two(self, deadline: str) -> None:
        rounds = [
            {"opens_at": "2024-01-08T09:00", "deadline_at": deadline},
            {"opens_at": "2024-11-11T09:00", "deadline_at": "2024-12-10T14:00"},
        ]
        call = make_call(rounds=rounds, opens_at="2024-01-08T09:00")
        day = deadline[:10]
        one = submitted(call=call, at=moment(f"{day}T13:59:59.999999"))
        assert one.review_round.number == 1
        other = ready(call=call, coalition_name="Andere", at=moment(f"{day}T13:59:59.999999"))
        with pytest.raises(DeadlinePassed):
            hand_in(other, at=moment(f"{day}T14:00:00"))

    def test_a_round_that_is_sealed_takes_nothing_whatever_the_moment(self) -> None:
        """Rule 4: what a request that took longer than the grace would meet."""
        sealed(at=AT)
        late = ready(coalition_name="Andere", at=AT)
        with pytest.raises(DeadlinePassed) as refusal:
            hand_in(late, at=AT)
        assert refusal.value.next_round is None
        late.refresh_from_db()
        assert late.is_draft


class TestOnce:
    def test_it_is_idempotent(self) -> None:
        """Rules 11 and 13."""
        case = submitted()
        again = hand_in(case, at=AT + timedelta(seconds=1))
        assert (again.pk, again.submitted_at) == (case.pk, AT)
        assert (Receipt.objects.count(), FrozenContent.objects.count()) == (1, 1)
        assert AuditEvent.objects.filter(act="applications.submitted").count() == 1

    def test_a_second_click_after_the_deadline_still_finds_the_first(self) -> None:
        assert hand_in(submitted(), at=moment("2024-05-14T14:00")).review_round.number == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_submissions_at_once_are_one(self) -> None:
        case = ready()
        outcomes = race(*(lambda: hand_in(case) for _each in range(3)))
        assert [each.status for each in outcomes] == [Status.SUBMITTED] * 3
        assert (Receipt.objects.count(), FrozenContent.objects.count()) == (1, 1)
        assert AuditEvent.objects.filter(act="applications.submitted").count() == 1


class TestFrozen:
    def test_what_was_submitted_is_frozen_with_its_digest(self) -> None:
        """Rule 4."""
        case = submitted(amount="47500.50")
        frozen = case.frozen
        content = json.loads(bytes(frozen.content))
        assert frozen.sha256 == digest(bytes(frozen.content))
        assert (content["schema"], content["reference"]) == (4, case.reference)
        assert content["requested_amount"] == "47500.50"
        assert [each["kvk_number"] for each in content["organisations"]] == [
            case.lead.kvk_number,
            case.partners[0].organisation.kvk_number,
        ]
        costs = sum(Decimal(each["amount"]) for each in content["budget"] if not each["is_contribution"])
        contributions = sum(Decimal(each["amount"]) for each in content["budget"] if each["is_contribution"])
        assert costs - contributions == Decimal("47500.50")
        assert (content["starts_on"], content["ends_on"]) == ("2024-06-25", "2024-12-24")
        assert len(content["sections"]) == 8

    def test_a_later_change_of_the_call_changes_nothing_of_it(self) -> None:
        case = submitted()
        before = bytes(case.frozen.content)
        Call.objects.filter(pk=case.call_id).update(title="Andere titel")
        case.call.sections.update(title="Anders")
        assert bytes(FrozenContent.objects.get().content) == before


class TestWithdrawing:
    @pytest.mark.parametrize("stage", [started, submitted, sealed])
    def test_until_the_advice_it_can_be_withdrawn_once(self, stage: Any) -> None:
        case = stage()
        for _click in range(2):
            withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        case.refresh_from_db()
        assert case.status == Status.WITHDRAWN
        assert AuditEvent.objects.filter(act="applications.withdrawn").count() == 1
        assert OutgoingMail.objects.filter(kind="withdrawn").count() == (0 if stage is started else 1)

    def test_what_is_decided_is_not_withdrawn(self) -> None:
        case = produced()
        with pytest.raises(WrongStatus):
            withdraw(application_id=case.pk, actor=case.applicant, at=AT)

    def test_a_withdrawn_application_is_not_submitted(self) -> None:
        case = ready()
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        with pytest.raises(WrongStatus):
            hand_in(case)


def test_only_the_lead_submits_and_withdraws() -> None:
    case = ready()
    for outsider in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
        with pytest.raises(NotAllowed):
            hand_in(case, actor=outsider)
        with pytest.raises(NotAllowed):
            withdraw(application_id=case.pk, actor=outsider, at=AT)
    assert hand_in(case, actor=speaker_for(case.lead)).status == Status.SUBMITTED


def test_a_withdrawn_submission_is_not_sealed() -> None:
    case = submitted()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert seal_round(round_id=case.review_round_id, at=moment("2024-05-14T14:05"))
    case.refresh_from_db()
    assert (case.status, hasattr(case, "seal")) == (Status.WITHDRAWN, False)
