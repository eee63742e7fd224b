"""Starting an application and writing it (rules 6, 7, 10, 11 and 12)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from applications.domain.budget import PlannedLine, UnreadLine, requested_amount, save_budget
from applications.domain.drafting import (
    CallClosed,
    save_particulars,
    save_people,
    save_section,
    start_application,
)
from applications.domain.lifecycle import WrongStatus
from applications.domain.submitting import withdraw
from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from tests.factories.accounts import UserFactory
from tests.factories.calls import make_call
from tests.factories.moments import AT, CALL_OPENS, LAST_DEADLINE, moment
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.scenarios import (
    budget_lines,
    decided,
    people_of,
    produced,
    started,
    submitted,
    written,
)
from tests.racing import race

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)


@pytest.fixture
def case():
    return started()


def particulars(case: Any, **values: Any) -> Application:
    defaults = {
        "application_id": case.pk,
        "title": "Titel",
        "starts_on": date(2024, 7, 1),
        "duration_months": 6,
        "seen_version": 1,
        "actor": case.applicant,
        "at": AT,
    }
    return save_particulars(**{**defaults, **values})


def section(case: Any, text: str, **values: Any):
    defaults = {
        "reference": case.reference,
        "key": case.call.sections.first().key,
        "text": text,
        "seen_version": 0,
        "actor": case.applicant,
        "at": AT,
    }
    return save_section(**{**defaults, **values})


def budget(case: Any, *amounts: Any, **values: Any) -> Application:
    lead = case.coalition.participations.get(is_lead=True)
    heading = case.call.headings.get(key="personeel")
    lines = [PlannedLine(heading, lead, "Uren", Decimal(each)) for each in amounts]
    defaults = {
        "application_id": case.pk,
        "lines": lines,
        "seen_version": 1,
        "actor": case.applicant,
        "at": AT,
    }
    return save_budget(**{**defaults, **values})


class TestStarting:
    def test_an_application_starts_with_a_reference_and_the_rules_of_its_call(self, case) -> None:
        assert (case.reference, case.status) == ("CRP24-0001", Status.DRAFT)
        assert (case.amount_ceiling, case.max_months) == (Decimal(50_000), 6)
        assert case.people.main_applicant_email == case.applicant.email
        assert AuditEvent.objects.filter(act="applications.started", subject_id=case.pk).count() == 1

    def test_starting_is_idempotent(self, case) -> None:
        """Rule 11."""
        again = start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
        colleague = speaker_for(case.lead)
        other_tab = start_application(coalition_id=case.coalition_id, call=case.call, actor=colleague, at=AT)
        assert again.pk == other_tab.pk == case.pk

    def test_after_a_withdrawal_a_new_one_can_be_started(self, case) -> None:
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        again = start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)
        assert (again.pk != case.pk, again.reference) == (True, "CRP24-0002")

    def test_an_old_tab_of_a_discarded_draft_does_not_say_that_it_was_submitted(self, case) -> None:
        """Rule 13."""
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        with pytest.raises(WrongStatus, match="is ingetrokken en nooit ingediend"):
            save_section(
                reference=case.reference,
                key="opgave",
                text="Nog iets",
                seen_version=0,
                actor=case.applicant,
                at=AT,
            )

    def test_a_coalition_with_a_grant_starts_no_other_in_the_call(self) -> None:
        granted = produced()
        with pytest.raises(RuleViolation):
            start_application(
                coalition_id=granted.coalition_id, call=granted.call, actor=granted.applicant, at=AT
            )

    def test_a_coalition_that_was_rejected_can_try_again(self) -> None:
        rejected = produced(decided(outcome=Outcome.REJECTED))
        again = start_application(
            coalition_id=rejected.coalition_id, call=rejected.call, actor=rejected.applicant, at=AT
        )
        assert (again.pk != rejected.pk, again.is_draft) == (True, True)

    @pytest.mark.parametrize("at", [CALL_OPENS - TICK, LAST_DEADLINE, LAST_DEADLINE + timedelta(days=1)])
    def test_outside_the_call_nothing_starts(self, at) -> None:
        with pytest.raises(CallClosed):
            started(at=at)

    @pytest.mark.parametrize("at", [CALL_OPENS, moment("2024-06-20T12:00"), LAST_DEADLINE - TICK])
    def test_from_the_opening_until_the_last_deadline_it_does(self, at) -> None:
        assert started(at=at).is_draft

    def test_only_the_lead_starts(self, case) -> None:
        call = make_call(slug="ander", reference_prefix="AND")
        for outsider in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
            with pytest.raises(NotAllowed):
                start_application(coalition_id=case.coalition_id, call=call, actor=outsider, at=AT)


class TestParticulars:
    @pytest.mark.parametrize("months", [0, 7, 12, -1])
    def test_a_duration_that_the_call_does_not_know_is_refused(self, case, months) -> None:
        """Rule 7."""
        with pytest.raises(RuleViolation) as refusal:
            particulars(case, duration_months=months)
        assert refusal.value.field == "duration_months"
        case.refresh_from_db()
        assert (case.duration_months, case.particulars_version) == (None, 1)

    @pytest.mark.parametrize("months", [1, 6, None])
    def test_a_duration_that_fits_or_is_not_known_yet_is_saved(self, case, months) -> None:
        assert particulars(case, duration_months=months).duration_months == months

    def test_who_saves_over_a_newer_version_overwrites_nothing(self, case) -> None:
        """Rule 12."""
        particulars(case, title="Eerste")
        with pytest.raises(NewerVersion):
            particulars(case, title="Tweede")
        case.refresh_from_db()
        assert (case.title, case.particulars_version) == ("Eerste", 2)


class TestPeople:
    def save(self, case, **changes: Any):
        values = {**people_of(case), **changes}
        return save_people(
            application_id=case.pk,
            values=values,
            seen_version=case.people.version,
            actor=case.applicant,
            at=AT,
        )

    def test_a_signatory_of_another_organisation_is_refused(self, case) -> None:
        """Rule 10."""
        with pytest.raises(RuleViolation) as refusal:
            self.save(case, signatory_organisation=case.partners[0].organisation)
        assert refusal.value.field == "signatory_organisation"

    def test_a_main_applicant_of_another_organisation_is_refused(self, case) -> None:
        with pytest.raises(RuleViolation) as refusal:
            self.save(case, main_applicant_organisation=case.partners[0].organisation)
        assert refusal.value.field == "main_applicant_organisation"

    @pytest.mark.parametrize(
        "field", ["main_applicant_organisation", "signatory_organisation", "leader_organisation"]
    )
    def test_an_organisation_outside_the_coalition_is_refused(self, case, field) -> None:
        with pytest.raises(RuleViolation) as refusal:
            self.save(case, **{field: OrganisationFactory.create()})
        assert refusal.value.field == field

    def test_the_project_leader_may_be_of_a_partner(self, case) -> None:
        people = self.save(case, leader_organisation=case.partners[0].organisation)
        assert people.leader_organisation == case.partners[0].organisation

    def test_an_address_that_is_none_is_refused_at_its_field(self, case) -> None:
        with pytest.raises(RuleViolation) as refusal:
            self.save(case, signatory_email="geen adres")
        assert refusal.value.field == "signatory_email"

    def test_what_is_not_known_yet_may_stay_empty(self, case) -> None:
        people = self.save(case, leader_organisation=None, leader_name="", leader_email="")
        assert people.leader_name == ""

    def test_a_newer_version_is_not_overwritten(self, case) -> None:
        self.save(case)
        with pytest.raises(NewerVersion):
            self.save(case, signatory_name="Iemand anders")


class TestSections:
    def test_a_section_is_saved_with_a_version(self, case) -> None:
        assert (section(case, "Eerst").version, section(case, "Dan", seen_version=1).version) == (1, 2)

    def test_saving_a_section_is_idempotent(self, case) -> None:
        first = section(case, "Eerst")
        again = section(case, "Eerst", seen_version=0, at=AT + timedelta(hours=1))
        assert (again.version, again.saved_at) == (1, first.saved_at)

    def test_two_tabs_never_overwrite_each_other(self, case) -> None:
        """Rule 12."""
        section(case, "Van het ene venster")
        with pytest.raises(NewerVersion):
            section(case, "Van het andere", seen_version=0)
        assert case.sections.get().text == "Van het ene venster"

    def test_a_text_that_is_too_long_is_kept_to_be_shortened(self, case) -> None:
        most = case.call.sections.first().max_characters
        assert len(section(case, "a" * (most + 1)).text) == most + 1

    def test_a_text_of_a_megabyte_is_refused_with_a_sentence_and_the_old_text_stays(self, case) -> None:
        section(case, "Wat er stond")
        with pytest.raises(RuleViolation) as refusal:
            section(case, "a" * 1024 * 1024, seen_version=1)
        assert (refusal.value.field, "1048576" in str(refusal.value)) == ("text", True)
        assert case.sections.get().text == "Wat er stond"


class TestBudget:
    @pytest.mark.parametrize("amount", [0, "-0.01", "-5"])
    def test_a_line_of_nothing_or_less_is_refused(self, case, amount) -> None:
        """Rule 6."""
        with pytest.raises(RuleViolation) as refusal:
            budget(case, 100, amount)
        assert refusal.value.field == "amount"
        assert not case.budget_lines.exists()

    def test_the_amount_is_the_costs_less_the_contributions(self, case) -> None:
        saved = save_budget(
            application_id=case.pk,
            lines=budget_lines(case, "12345.67"),
            seen_version=1,
            actor=case.applicant,
            at=AT,
        )
        assert saved.requested_amount == Decimal("12345.67")
        assert requested_amount(case.budget_lines.all()) == Decimal("12345.67")
        assert case.budget_lines.filter(heading__is_contribution=True).count() == 1

    def test_an_amount_above_the_maximum_is_kept_and_told_later(self, case) -> None:
        assert budget(case, "50000.01").requested_amount == Decimal("50000.01")

    def test_contributions_above_the_costs_are_saved_in_a_draft(self, case) -> None:
        lead = case.coalition.participations.get(is_lead=True)
        line = PlannedLine(case.call.headings.get(is_contribution=True), lead, "Gemeente", Decimal(1))
        assert budget(case, lines=[line]).requested_amount == -1

    @pytest.mark.parametrize(("hours", "rate"), [("2", "3"), ("2", None), (None, "3"), ("-2", "-2.50")])
    def test_an_amount_that_is_not_that_of_its_hours_is_refused(self, case, hours, rate) -> None:
        numbers = [None if each is None else Decimal(each) for each in (hours, rate)]
        lead = case.coalition.participations.get(is_lead=True)
        with pytest.raises(RuleViolation) as refusal:
            budget(case, lines=[PlannedLine(case.call.headings.first(), lead, "x", Decimal(5), *numbers)])
        assert refusal.value.field == "amount"

    def test_a_row_that_cannot_be_read_leaves_what_stood_there_and_adds_nothing(self, case) -> None:
        budget(case, 100, 200)
        _first, second = case.budget_lines.all()
        typed = [UnreadLine(second.key), UnreadLine(uuid4())]
        assert budget(case, lines=typed, seen_version=2).requested_amount == 200
        assert [each.key for each in case.budget_lines.all()] == [second.key]

    def test_amounts_that_no_column_holds_are_refused(self, case) -> None:
        with pytest.raises(RuleViolation):
            budget(case, "9999999999.99", "0.01")

    def test_a_heading_of_another_call_is_refused(self, case) -> None:
        other = make_call(slug="ander", reference_prefix="AND").headings.first()
        lead = case.coalition.participations.get(is_lead=True)
        with pytest.raises(RuleViolation) as refusal:
            budget(case, lines=[PlannedLine(other, lead, "x", Decimal(1))])
        assert refusal.value.field == "heading"

    def test_an_organisation_of_another_coalition_is_refused(self, case) -> None:
        stranger = started(coalition_name="Andere").partners[0]
        with pytest.raises(RuleViolation) as refusal:
            budget(case, lines=[PlannedLine(case.call.headings.first(), stranger, "x", Decimal(1))])
        assert refusal.value.field == "participation"

    def test_there_is_an_end_to_the_lines(self, case) -> None:
        with pytest.raises(RuleViolation):
            budget(case, *([1] * (case.call.max_budget_lines + 1)))

    def test_two_tabs_never_overwrite_each_other(self, case) -> None:
        budget(case, 100)
        with pytest.raises(NewerVersion):
            budget(case, 200)
        case.refresh_from_db()
        assert (case.requested_amount, case.budget_version) == (100, 2)


def test_nobody_but_the_lead_writes(case) -> None:
    """Rule 22."""
    for outsider in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
        for act in (
            lambda who=outsider: particulars(case, actor=who),
            lambda who=outsider: section(case, "x", actor=who),
            lambda who=outsider: budget(case, 1, actor=who),
            lambda who=outsider: save_people(
                application_id=case.pk, values={}, seen_version=1, actor=who, at=AT
            ),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_what_was_submitted_is_no_longer_written() -> None:
    """Rule 4."""
    case = submitted()
    for act in (
        lambda: particulars(case, seen_version=case.particulars_version),
        lambda: section(case, "Nog iets", seen_version=1),
        lambda: budget(case, 1, seen_version=case.budget_version),
        lambda: save_people(
            application_id=case.pk, values={}, seen_version=case.people.version, actor=case.applicant, at=AT
        ),
    ):
        with pytest.raises(WrongStatus):
            act()


def test_everything_written_is_there() -> None:
    case = written(title="Samen", amount=40_000)
    assert (case.title, case.requested_amount, case.duration_months) == ("Samen", 40_000, 6)
    assert case.sections.count() == case.call.sections.count()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_make_one_application() -> None:
    """Rule 11."""
    case = started()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)

    def start() -> Application:
        return start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=AT)

    first, second, third = race(start, start, start)
    assert first == second == third
    assert Application.objects.filter(status=Status.DRAFT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_coalitions_that_start_at_once_get_references_of_their_own() -> None:
    cases = [started(coalition_name=f"Coalitie {each}") for each in range(3)]
    for case in cases:
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    call = cases[0].call
    new = race(
        *(
            lambda c=c: start_application(coalition_id=c.coalition_id, call=call, actor=c.applicant, at=AT)
            for c in cases
        )
    )
    assert {each.reference for each in new} == {"CRP24-0004", "CRP24-0005", "CRP24-0006"}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_one_section_at_once_keep_one_and_tell_the_other() -> None:
    case = started()
    outcomes = race(*(lambda text=text: section(case, text) for text in ("een", "twee")))
    assert sorted(type(each).__name__ for each in outcomes) == ["ApplicationSection", "NewerVersion"]
    assert case.sections.get().version == 1
