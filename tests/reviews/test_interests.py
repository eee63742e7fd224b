"""Nobody reads before declaring interests; an interest closes until a measure opens (rule 14; Awb 2:4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.models import ReadingAccess
from applications.queries import readable_by
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.sweeps.domain.sweeping import run
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import (
    declare_interest,
    end_affiliation,
    note_affiliation,
)
from reviews.domain.measuring import record_measure
from reviews.enums import AffiliationKind, InterestOrigin, TieKind
from reviews.interest_queries import interests_to_settle, number_nobody_settles
from reviews.models import Affiliation, Assignment, CoveredTie, InterestDeclaration
from reviews.queries import declarable_by, undeclared_by
from reviews.tasks import CONFLICTS
from reviews.ties import ties_of
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory
from tests.factories.scenarios import assigned, committee, join, open_to, ready, sealed, submitted
from tests.pages import page_text
from tests.racing import held_open, race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

HANDLERS = [Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER]


@pytest.fixture
def case():
    return sealed()


def declare(case: Any, user: User, has_interest: bool = False, explanation: str = "", at: Any = AT):
    return declare_interest(
        application_id=case.pk, has_interest=has_interest, explanation=explanation, actor=user, at=at
    )


def reads(case: Any, user: User) -> bool:
    return readable_by(User.objects.get(pk=user.pk)).filter(pk=case.pk).exists()


def note(user: User, organisation: Any, kind: AffiliationKind = AffiliationKind.EMPLOYER, actor: Any = None):
    return note_affiliation(user=user, organisation=organisation, kind=kind, actor=actor or user, at=AT)


class TestDeclaring:
    @pytest.mark.parametrize("role", HANDLERS)
    def test_everybody_who_handles_declares_before_reading(self, case, role: Role) -> None:
        user = person(role)
        assert not reads(case, user)
        assert list(undeclared_by(user)) == [case]
        declare(case, user)
        assert reads(case, user)
        assert not undeclared_by(user).exists()

    def test_a_reviewer_declares_on_what_is_assigned(self, case) -> None:
        reviewer, other = person(Role.REVIEWER), person(Role.REVIEWER)
        Assignment.objects.create(application=case, reviewer=reviewer, assigned_at=AT)
        declare(case, reviewer)
        assert reads(case, reviewer)
        with pytest.raises(NotAllowed):
            declare(case, other)
        assert not reads(case, other)

    @pytest.mark.parametrize("role", [None, Role.KWARTIERMAKER, Role.ADMINISTRATOR])
    def test_who_does_not_assess_declares_nothing(self, case, role: Role | None) -> None:
        user = person(role) if role else UserFactory.create()
        with pytest.raises(NotAllowed):
            declare(case, user)
        assert not ReadingAccess.objects.exists()

    def test_a_draft_is_open_to_nobody(self) -> None:
        with pytest.raises(NotAllowed):
            declare(ready(), person(Role.OFFICER))

    def test_an_interest_closes(self, case) -> None:
        user = person(Role.OFFICER)
        declaration = declare(case, user, True, "Mijn zus werkt er")
        assert not reads(case, user)
        assert (declaration.origin, declaration.explanation) == (InterestOrigin.DECLARED, "Mijn zus werkt er")

    def test_an_interest_needs_an_explanation(self, case) -> None:
        with pytest.raises(RuleViolation) as refusal:
            declare(case, person(Role.OFFICER), True, "  ")
        assert refusal.value.field == "explanation"

    def test_declaring_is_idempotent(self, case) -> None:
        user = person(Role.OFFICER)
        assert declare(case, user) == declare(case, user)
        assert ReadingAccess.objects.filter(user=user).count() == 1
        assert AuditEvent.objects.filter(act="reviews.interest_declared", actor_id=user.pk).count() == 1

    def test_an_interest_that_comes_up_later_closes_and_cannot_be_taken_back(self, case) -> None:
        user = person(Role.OFFICER)
        declare(case, user)
        declare(case, user, True, "Toch wel", at=AT + timedelta(days=1))
        assert not reads(case, user)
        with pytest.raises(RuleViolation):
            declare(case, user, at=AT + timedelta(days=2))
        assert not reads(case, user)
        counting = InterestDeclaration.objects.get(user=user, replaced_at=None)
        assert counting.has_interest

    @pytest.mark.django_db(transaction=True)
    def test_two_windows_at_once_count_once(self) -> None:
        case, user = sealed(), person(Role.OFFICER)
        race(lambda: declare(case, user), lambda: declare(case, user, True, "Ja"))
        counting = InterestDeclaration.objects.get(application=case, user=user, replaced_at=None)
        assert reads(case, user) == (not counting.has_interest)
        assert ReadingAccess.objects.filter(user=user, revoked_at=None).count() <= 1

    @pytest.mark.django_db(transaction=True)
    def test_a_position_noted_meanwhile_is_not_passed_unseen(self) -> None:
        case, user = sealed(), person(Role.OFFICER)
        with held_open(lambda: note(user, case.lead)) as meanwhile:
            declaring = meanwhile(lambda: declare(case, user))
            assert declaring.waits()
        assert declaring.result().origin == InterestOrigin.DATA
        assert not reads(case, user)


class TestTies:
    @pytest.mark.parametrize("kind", list(AffiliationKind))
    def test_an_employer_or_a_seat_is_an_interest_whatever_is_declared(
        self, case, kind: AffiliationKind
    ) -> None:
        user, partner = person(Role.OFFICER), case.partners[0].organisation
        note(user, partner, kind)
        declaration = declare(case, user, False)
        assert (declaration.has_interest, declaration.origin) == (True, InterestOrigin.DATA)
        assert declaration.explanation == partner.name
        assert not reads(case, user)

    def test_speaking_for_an_organisation_of_the_coalition_is_one_too(self, case) -> None:
        user = person(Role.CHAIR)
        RepresentativeFactory.create(organisation=case.lead, user=user)
        assert {each.organisation for each in ties_of(user, case)} == {case.lead.pk}
        assert declare(case, user).has_interest

    def test_ties_with_others_do_not_matter(self, case) -> None:
        user, other = (
            person(Role.OFFICER),
            submitted(coalition_name="Andere", call=case.call, at=AT + timedelta(days=14)),
        )
        note(user, other.lead)
        declare(case, user)
        assert reads(case, user)

    def test_a_position_noted_later_closes_what_was_open(self, case) -> None:
        user, other = person(Role.OFFICER), person(Role.OFFICER)
        open_to(case, user, other)
        note(user, case.lead)
        assert not reads(case, user)
        assert reads(case, other)
        assert InterestDeclaration.objects.get(user=user, replaced_at=None).origin == InterestOrigin.DATA

    def test_a_position_noted_later_closes_what_a_measure_had_opened(self, case) -> None:
        user, chair = person(Role.OFFICER), person(Role.CHAIR)
        declaration = declare(case, user, True, "Oud-collega")
        record_measure(declaration_id=declaration.pk, measure="Leest mee", actor=chair, at=AT)
        assert reads(case, user)
        note(user, case.lead)
        assert not reads(case, user)

    def test_a_position_noted_later_ends_an_assignment_and_another_takes_the_place(self) -> None:
        case = assigned()
        assignment = case.assignments.first()
        person(Role.REVIEWER)
        note(assignment.reviewer, case.lead)
        assignment.refresh_from_db()
        assert assignment.ended_at == AT
        assert assign_reviewers(round_id=case.review_round_id, at=AT) == 1
        assert case.assignments.filter(ended_at=None).count() == 2

    def test_people_note_their_own_positions_and_an_administrator_anybodys(self, case) -> None:
        user = person(Role.OFFICER)
        with pytest.raises(NotAllowed):
            note(user, case.lead, actor=person(Role.CHAIR))
        note(user, case.lead, actor=person(Role.ADMINISTRATOR))
        assert note(user, case.lead) == Affiliation.objects.get()

    def test_a_seat_noted_before_reading_gives_the_work_back(self) -> None:
        case = sealed()
        committee()
        assert case.review_round_id is not None
        assign_reviewers(round_id=case.review_round_id, at=AT)
        assignment = case.assignments.order_by("pk")[0]
        note(assignment.reviewer, case.lead)
        assignment.refresh_from_db()
        assert assignment.ended_at == AT
        declared = case.interest_declarations.get(user=assignment.reviewer)
        assert (declared.has_interest, declared.origin) == (True, InterestOrigin.DATA)


def test_a_partner_that_joins_after_submission_shuts_nobody_out() -> None:
    """Nobody chooses their reviewers by adding the employer of one."""
    case = assigned()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    late = join(case.coalition_id, case.coalition.region, actor=case.applicant, at=AT + timedelta(days=40))
    note(reviewer, late.organisation)
    assert run(CONFLICTS, now=lambda: AT + timedelta(days=41)) == 0
    assert reads(case, reviewer)
    assert ties_of(reviewer, case) == set()
    assert case.assignments.get(reviewer=reviewer).ended_at is None
    assert list(every_violation()) == []


class TestMeasures:
    def settle(self, declaration: InterestDeclaration, actor: User, measure: str = "Alleen lezen"):
        return record_measure(declaration_id=declaration.pk, measure=measure, actor=actor, at=AT)

    def test_the_chair_opens_in_spite_of_an_interest(self, case) -> None:
        user, chair = person(Role.OFFICER), person(Role.CHAIR)
        declaration = declare(case, user, True, "Ja")
        assert list(interests_to_settle(chair)) == [declaration]
        self.settle(declaration, chair)
        assert reads(case, user)
        assert not interests_to_settle(chair).exists()

    def test_for_the_chair_the_deputy_does(self, case) -> None:
        chair, deputy, other_chair = person(Role.CHAIR), person(Role.DEPUTY), person(Role.CHAIR)
        declaration = declare(case, chair, True, "Ja")
        for refused in (chair, other_chair):
            assert not interests_to_settle(refused).exists()
            with pytest.raises(NotAllowed):
                self.settle(declaration, refused)
        assert list(interests_to_settle(deputy)) == [declaration]
        self.settle(declaration, deputy)
        assert reads(case, chair)

    def test_nobody_else_records_a_measure(self, case) -> None:
        user, _chair = person(Role.OFFICER), person(Role.CHAIR)
        declaration = declare(case, user, True, "Ja")
        for refused in (user, person(Role.DEPUTY), person(Role.ADMINISTRATOR), person(Role.OFFICER)):
            with pytest.raises(NotAllowed):
                self.settle(declaration, refused)
        assert not reads(case, user)

    def test_the_administrator_hears_that_somebody_else_has_to(self, case, client) -> None:
        """Else a round waits for nobody."""
        officer, chair, deputy = person(Role.OFFICER), person(Role.CHAIR), person(Role.DEPUTY)
        declare(case, officer, True, "Ja")
        declare(case, chair, True, "Ook")
        assert number_nobody_settles() == 0
        declare(case, deputy, True, "En ik")
        assert number_nobody_settles() == 3
        log_in(client, person(Role.ADMINISTRATOR))
        shown = page_text(client.get(reverse("admin:index")))
        assert "3 Belangen die voorzitter noch vicevoorzitter mag afwegen" in shown
        person(Role.DEPUTY)
        assert number_nobody_settles() == 0

    @pytest.mark.parametrize("gone", ["no chair", "cannot log in"])
    def test_without_a_chair_the_deputy_does_but_never_for_oneself(self, case, gone) -> None:
        officer, deputy = person(Role.OFFICER), person(Role.DEPUTY)
        if gone == "cannot log in":
            User.objects.filter(pk=person(Role.CHAIR).pk).update(is_active=False)
        declaration, own = declare(case, officer, True, "Ja"), declare(case, deputy, True, "Ook")
        assert not interests_to_settle(deputy).exists()
        for refused in (declaration, own):
            with pytest.raises(NotAllowed):
                self.settle(refused, deputy)
        colleague = person(Role.DEPUTY)
        assert set(interests_to_settle(colleague)) == {declaration, own}
        self.settle(declaration, colleague)
        self.settle(own, colleague)
        assert reads(case, officer)
        assert reads(case, deputy)
        person(Role.CHAIR)
        assert not interests_to_settle(colleague).exists()

    def test_who_has_an_interest_in_it_settles_none_of_others(self, case) -> None:
        officer, chair, deputy = person(Role.OFFICER), person(Role.CHAIR), person(Role.DEPUTY)
        declaration = declare(case, officer, True, "Ja")
        of_chair = declare(case, chair, True, "Ook")
        assert not interests_to_settle(chair).exists()
        with pytest.raises(NotAllowed):
            self.settle(declaration, chair)
        assert set(interests_to_settle(deputy)) == {declaration, of_chair}
        self.settle(of_chair, deputy)
        assert list(interests_to_settle(chair)) == [declaration]
        assert not interests_to_settle(deputy).exists()
        self.settle(declaration, chair)
        assert reads(case, officer)

    def test_a_tie_keeps_from_settling_too(self, case) -> None:
        chair = person(Role.CHAIR)
        declaration = declare(case, person(Role.OFFICER), True, "Ja")
        held = note(chair, case.lead)
        assert not interests_to_settle(chair).exists()
        end_affiliation(affiliation_id=held.pk, actor=person(Role.ADMINISTRATOR), at=AT)
        assert list(interests_to_settle(chair)) == [declaration]

    def test_a_second_click_records_nothing_and_other_words_do(self, case) -> None:
        user, chair = person(Role.OFFICER), person(Role.CHAIR)
        declaration = declare(case, user, True, "Ja")
        for _twice in range(2):
            self.settle(declaration, chair, measure="Leest mee.")
        recorded = AuditEvent.objects.filter(act="reviews.measure_recorded")
        assert recorded.count() == 1
        self.settle(declaration, chair, measure="Leest mee, en zwijgt.")
        assert recorded.count() == 2

    def test_a_measure_has_words_and_an_interest(self, case) -> None:
        user, chair = person(Role.OFFICER), person(Role.CHAIR)
        with pytest.raises(RuleViolation):
            self.settle(declare(case, user), chair)
        with pytest.raises(RuleViolation):
            self.settle(declare(case, user, True, "Ja"), chair, measure=" ")
        assert not reads(case, user)


class TestDatabase:
    def test_one_declaration_counts(self, case) -> None:
        user = person(Role.OFFICER)
        declare(case, user)
        with refused_by("interest_declaration_one_that_counts"):
            InterestDeclaration.objects.create(
                application=case, user=user, has_interest=False, declared_at=AT
            )

    def test_an_interest_is_explained(self, case) -> None:
        with refused_by("interest_is_explained"):
            InterestDeclaration.objects.create(
                application=case, user=person(Role.OFFICER), has_interest=True, declared_at=AT
            )

    def test_a_measure_has_author_and_moment_and_another_author(self, case) -> None:
        user = person(Role.OFFICER)
        rows = InterestDeclaration.objects.filter(pk=declare(case, user, True, "Ja").pk)
        with refused_by("measure_has_author_and_moment"):
            rows.update(measure="Alleen lezen")
        with refused_by("measure_has_author_and_moment"):
            rows.update(measure_by=committee().chair)
        with refused_by("measure_never_by_the_person_concerned"):
            rows.update(measure="Alleen lezen", measure_by=user, measure_at=AT)

    def test_whoever_has_an_interest_takes_no_other_away_from_that_organisation(self, case) -> None:
        """They would choose by that who judges their own."""
        administrator, reviewer = person(Role.ADMINISTRATOR), person(Role.REVIEWER)
        note(administrator, case.lead)
        with pytest.raises(NotAllowed, match="zelf een functie"):
            note(reviewer, case.lead, actor=administrator)
        assert not Affiliation.objects.filter(user=reviewer).exists()
        note(reviewer, case.lead, actor=person(Role.ADMINISTRATOR))

    def test_a_position_is_noted_once(self, case) -> None:
        user = person(Role.OFFICER)
        row = {"user": user, "organisation": case.lead, "kind": AffiliationKind.BOARD, "noted_at": AT}
        Affiliation.objects.create(**row)
        with refused_by("affiliation_once_per_kind"):
            Affiliation.objects.create(**row)

    def test_a_position_at_an_unknown_organisation_is_noted_once_by_number_and_name(self) -> None:
        row = {"user": person(Role.OFFICER), "kind": AffiliationKind.BOARD, "noted_at": AT}
        Affiliation.objects.create(**row, kvk_number="12345678", name="Zorg Zelf (fictief)")
        with refused_by("affiliation_once_per_number"):
            Affiliation.objects.create(**row, kvk_number="12345678", name="Anders gespeld (fictief)")
        for number, name in (("", "Zorg Zelf (fictief)"), ("1234567", "x"), ("87654321", "")):
            with refused_by("affiliation_of_an_organisation"):
                Affiliation.objects.create(**row, kvk_number=number, name=name)

    def test_a_position_abroad_is_noted_once_by_name_with_its_country(self, case) -> None:
        row = {"user": person(Role.OFFICER), "kind": AffiliationKind.BOARD, "noted_at": AT}
        abroad = {"name": "Zorg Zelf (fictief)", "sort_name": "zorg zelf (fictief)", "country": "België"}
        Affiliation.objects.create(**row, **abroad)
        with refused_by("affiliation_once_per_name"):
            Affiliation.objects.create(**row, **{**abroad, "country": "Duitsland"})
        for changed in ({"country": ""}, {"sort_name": ""}, {"name": ""}, {"kvk_number": "12345678"}):
            with refused_by("affiliation_of_an_organisation"):
                Affiliation.objects.create(**row, **{**abroad, **changed})
        with refused_by("affiliation_of_an_organisation"):
            Affiliation.objects.create(**row, organisation=case.lead, country="België")

    def test_an_interest_is_put_aside_by_somebody_else_with_a_reason(self, case) -> None:
        user = person(Role.OFFICER)
        rows = InterestDeclaration.objects.filter(pk=declare(case, user, True, "Ja").pk)
        with refused_by("interest_put_aside_by_somebody_with_a_reason"):
            rows.update(put_aside_because="Niets nodig")
        with refused_by("interest_never_put_aside_by_the_person_concerned"):
            rows.update(put_aside_because="Niets nodig", put_aside_by=user, put_aside_at=AT)

    def test_a_measure_covers_a_tie_once(self, case) -> None:
        row = {
            "declaration": declare(case, person(Role.OFFICER), True, "Ja"),
            "organisation": case.lead,
            "kind": TieKind.NAMED,
        }
        CoveredTie.objects.create(**row)
        with refused_by("covered_tie_once_per_measure"):
            CoveredTie.objects.create(**row)

    def test_a_position_does_not_end_before_it_was_noted(self, case) -> None:
        held = note(person(Role.OFFICER), case.lead)
        with refused_by("affiliation_ends_after_it_was_noted"):
            Affiliation.objects.filter(pk=held.pk).update(ended_at=AT - timedelta(seconds=1))


class TestEnding:
    def test_what_a_position_closed_stays_closed(self, case) -> None:
        user = person(Role.OFFICER)
        declare(case, user)
        held = note(user, case.lead)
        end_affiliation(affiliation_id=held.pk, actor=person(Role.ADMINISTRATOR), at=AT)
        assert not reads(case, user)
        with pytest.raises(RuleViolation):
            declare(case, user)

    def test_it_can_be_noted_again_and_ties_again(self, case) -> None:
        user = person(Role.OFFICER)
        held = note(user, case.lead)
        end_affiliation(affiliation_id=held.pk, actor=person(Role.ADMINISTRATOR), at=AT)
        assert ties_of(user, case) == set()
        assert note(user, case.lead) != held
        assert {each.organisation for each in ties_of(user, case)} == {case.lead.pk}

    def test_others_end_nothing_but_an_administrator(self, case) -> None:
        user = person(Role.OFFICER)
        held = note(user, case.lead)
        for refused in (user, person(Role.CHAIR)):
            with pytest.raises(NotAllowed):
                end_affiliation(affiliation_id=held.pk, actor=refused, at=AT)
        assert end_affiliation(affiliation_id=held.pk, actor=person(Role.ADMINISTRATOR), at=AT).ended_at == AT
        assert AuditEvent.objects.filter(act="reviews.affiliation_ended").count() == 1


def test_what_is_open_to_declare_is_what_is_listed(case) -> None:
    assert list(declarable_by(person(Role.OFFICER))) == [case]
    assert not declarable_by(person(Role.REVIEWER)).exists()
