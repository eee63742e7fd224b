"""An organisation that was offered the lead of a coalition takes it, and what hung on the former lead ends (rule 44)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications.domain.collaborating import accept_invitation
from applications.domain.consent_states import consent_states
from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_people, start_application
from applications.domain.handing_over import offer_contact
from applications.domain.offering_lead import take_back_lead_offer
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.domain.starting_again import undo_withdrawal
from applications.domain.submitting import withdraw
from applications.domain.taking_lead import accept_lead, lead_shown
from applications.enums import ConsentAnswer
from applications.models import Application, Collaborator, Consent, Handover, LeadOffer, OneTimeLink
from applications.permissions import may_ask_others, may_manage, may_read_draft, may_submit
from applications.queries import visible_to_applicants
from applications.queries.handovers import contact_of
from applications.queries.lead_offers import acceptable_from, drafts_in
from applications.queries.parties import written_by_others
from calls.models import Call
from coalitions.domain.coalitions import start_coalition
from coalitions.models import Coalition, Participation
from coalitions.queries import led_by, visible_to
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from tests.applications.collaborating import invited, joined
from tests.applications.leading import offered, taken
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, pending_for, speaker_for
from tests.racing import race

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture
def case() -> Any:
    return scenarios.written()


@pytest.fixture
def taker(case: Any) -> User:
    """Return who is proved to speak for the partner."""
    return speaker_for(case.partners[0].organisation, full_name="Tara Overneemster (fictief)")


def accept(offer: LeadOffer, actor: User, **values: Any) -> LeadOffer:
    """Say yes as soon as that is possible."""
    soon = max(LATER, acceptable_from(offer))
    return accept_lead(**{"key": offer.key, "actor": actor, "at": soon, **values})


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


def anew(case: Any) -> Application:
    return Application.objects.select_related("coalition__region", "call").get(pk=case.pk)


class TestYes:
    def test_the_two_change_places_and_each_manages_what_is_its_own(self, case, taker: User) -> None:
        colleague = speaker_for(case.lead)
        assert not may_read_draft.allows(taker, case)
        accept(offered(case, contact_id=colleague.pk), taker)
        draft = anew(case)
        coalition, partner = draft.coalition, case.partners[0]
        places = {each.organisation_id: each for each in coalition.participations.all()}
        former, now = places[case.lead.pk], places[partner.organisation_id]
        assert (coalition.lead_organisation_id, coalition.lead_name) == (
            partner.organisation_id,
            now.stated_name,
        )
        assert (former.is_lead, former.contact_email, now.is_lead, now.contact_email) == (
            False,
            colleague.email,
            True,
            taker.email,
        )
        assert contact_of(draft) == taker
        for permission in (may_manage, may_ask_others, may_submit, may_read_draft):
            assert permission.allows(taker, draft)
            assert not permission.allows(case.applicant, draft)
        # As a partner, who is asked nothing yet.
        assert visible_to(case.applicant).filter(pk=coalition.pk).exists()
        assert not visible_to_applicants(case.applicant).filter(pk=draft.pk).exists()
        assert list(every_violation()) == []

    def test_a_second_click_changes_nothing(self, case, taker: User) -> None:
        offer = offered(case)
        first = accept(offer, taker)
        assert accept(offer, taker) == first
        assert OutgoingMail.objects.filter(kind="lead_moved", recipient=taker.email).count() == 1
        assert AuditEvent.objects.filter(act="applications.lead_moved").count() == 1

    def test_it_leads_under_the_name_that_it_gives_itself(self, case, taker: User) -> None:
        Representative.objects.filter(user=taker).update(stated_name="Zoals wij heten (fictief)")
        accept(offered(case), taker)
        assert Coalition.objects.get(pk=case.coalition_id).lead_name == "Zoals wij heten (fictief)"
        assert list(every_violation()) == []

    def test_it_can_be_offered_back(self, case, taker: User) -> None:
        taken(case)
        new_lead = contact_of(anew(case))
        former = Participation.objects.get(coalition=case.coalition_id, is_lead=False)
        back = offered(case, participation_id=former.pk, contact_id=new_lead.pk, actor=new_lead, at=LATER)
        accept(back, case.applicant)
        assert may_submit.allows(case.applicant, anew(case))
        assert not may_manage.allows(new_lead, anew(case))
        assert list(every_violation()) == []

    def test_everybody_concerned_hears_of_it_and_nobody_else(self, case, taker: User) -> None:
        """Rules 22 and 26: a partner that was not asked does not know of the draft."""
        scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
        asked, silent = case.partners[0], case.coalition.participations.filter(is_lead=False).last()
        ask_consent(application_id=case.pk, participation_id=asked.pk, actor=case.applicant, at=AT)
        helper, colleague = joined(case), speaker_for(case.lead)
        accept(offered(case), taker)
        told = mailed("lead_moved")
        people = {case.applicant.email, colleague.email, taker.email, helper.email, asked.contact_email}
        assert people | {case.people.leader_email, case.people.signatory_email} == told
        assert silent.contact_email not in told
        bodies = {each.recipient: each.body for each in OutgoingMail.objects.filter(kind="lead_moved")}
        # Who leads is led to the people that are to be looked at.
        assert ("postadres" in bodies[taker.email], "postadres" in bodies[case.applicant.email]) == (
            True,
            False,
        )
        assert not any(case.title in each for each in bodies.values())

    def test_discarded_drafts_go_along_and_can_be_put_back_by_the_new_lead(self, case, taker: User) -> None:
        other = start_application(
            coalition_id=case.coalition_id, call=CallFactory.create(), actor=case.applicant, at=AT
        )
        withdraw(application_id=other.pk, actor=case.applicant, at=AT, seen="draft")
        accept(offered(case), taker)
        back = undo_withdrawal(application_id=other.pk, actor=taker, at=LATER)
        assert (contact_of(back), back.is_draft) == (taker, True)
        assert list(every_violation()) == []

    def test_all_drafts_of_the_coalition_go_along(self, case, taker: User) -> None:
        other = start_application(
            coalition_id=case.coalition_id, call=CallFactory.create(), actor=case.applicant, at=AT
        )
        accept(offered(case), taker)
        for each in (case, other):
            assert may_submit.allows(taker, anew(each))
            assert contact_of(anew(each)) == taker


class TestWhatEnds:
    def test_consents_count_no_more_and_the_former_lead_is_asked_like_any_partner(
        self, case, taker: User
    ) -> None:
        """Rules 8 and 9: also by who began the coalition and stands in it as main applicant."""
        scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
        third = case.coalition.participations.filter(is_lead=False).last()
        scenarios.consented(case, third)
        scenarios.consented(case, case.partners[0])
        assert all(each.is_valid for each in consent_states(snapshot_of(anew(case))))
        accept(offered(case), taker)
        states = {
            each.participation.organisation_id: each for each in consent_states(snapshot_of(anew(case)))
        }
        assert set(states) == {third.organisation_id, case.lead.pk}
        assert not any(each.is_valid for each in states.values())
        former = states[case.lead.pk].participation
        ask_consent(application_id=case.pk, participation_id=former.pk, actor=taker, at=LATER)
        assert written_by_others(case.applicant).filter(pk=case.pk).exists()
        answer_by_account(
            application_id=case.pk,
            participation_id=former.pk,
            answer=ConsentAnswer.GIVEN,
            reason="",
            seen_digest=reading_digest(snapshot_of(anew(case))),
            actor=case.applicant,
            at=LATER + timedelta(minutes=1),
        )
        states = {
            each.participation.organisation_id: each for each in consent_states(snapshot_of(anew(case)))
        }
        assert states[case.lead.pk].is_valid
        assert list(every_violation()) == []

    def test_who_leads_now_consents_for_no_partner(self, case, taker: User) -> None:
        """Rule 8."""
        accept(offered(case), taker)
        assert not written_by_others(taker).filter(pk=case.pk).exists()

    def test_open_links_for_consent_open_nothing_any_more(self, case, taker: User) -> None:
        partner = case.partners[0]
        link = ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        accept(offered(case), taker)
        assert OneTimeLink.objects.get(pk=link.pk).withdrawn_at == LATER

    def test_whom_the_former_lead_let_in_writes_no_longer_but_for_who_is_of_a_partner(self) -> None:
        """Rule 37."""
        case = scenarios.written(partners=2)
        taker = speaker_for(case.partners[0].organisation)
        lead = case.coalition.participations.get(is_lead=True)
        helper = joined(case)
        of_lead = joined(case, participation_id=lead.pk)
        of_new_lead = joined(case, participation_id=case.partners[0].pk)
        for_partner = joined(case, participation_id=case.partners[1].pk)
        third = case.partners[1]
        of_partner = joined(case, speaker_for(third.organisation), participation_id=third.pk)
        contact = joined(case, UserFactory.create(email=third.contact_email), participation_id=third.pk)
        waiting = invited(case, "nog-niet@elders.example")
        accept(offered(case), taker)
        people = (helper, of_lead, of_new_lead, for_partner, of_partner, contact)
        assert [may_read_draft.allows(each, anew(case)) for each in people] == [False] * 4 + [True] * 2
        waiting.refresh_from_db()
        assert (waiting.state, waiting.ended_by) == ("ended", taker)
        with pytest.raises(RuleViolation):
            accept_invitation(key=waiting.key, actor=UserFactory.create(email=waiting.email), at=LATER)
        assert Collaborator.objects.filter(state="ended").count() == 5
        assert list(every_violation()) == []

    def test_a_change_of_contact_person_that_is_open_stops(self, case, taker: User) -> None:
        """Rule 39."""
        colleague = speaker_for(case.lead)
        offer_contact(application_id=case.pk, to_id=colleague.pk, actor=case.applicant, at=AT)
        accept(offered(case), taker)
        assert (Handover.objects.get().state, contact_of(anew(case))) == ("lapsed", taker)

    def test_people_stay_typed_and_are_to_be_looked_at(self, case, taker: User) -> None:
        """Rules 10 and 12."""
        scenarios.consented(case, case.partners[0])
        before = anew(case).people
        accept(offered(case), taker)
        people = anew(case).people
        assert (people.main_applicant_name, people.signatory_email, people.postal_street) == (
            before.main_applicant_name,
            before.signatory_email,
            before.postal_street,
        )
        missing = what_is_missing(snapshot_of(anew(case)), review_round=None, at=LATER)
        assert {each.anchor for each in missing if each.page == "people"} == {
            "main_applicant_organisation",
            "signatory_organisation",
            "electronic_letters",
        }
        own = {"main_applicant_organisation": taker.representations.get().organisation}
        save_people(application_id=case.pk, values=own, seen_version=people.version, actor=taker, at=LATER)

    def test_the_budget_stays(self, case, taker: User) -> None:
        before = list(case.budget_lines.values_list("pk", "participation", "amount"))
        accept(offered(case), taker)
        assert list(case.budget_lines.values_list("pk", "participation", "amount")) == before


class TestRefused:
    def test_only_who_is_proved_to_speak_for_the_partner_accepts(self, case, taker: User) -> None:
        """Rule 27: not its contact person, who says so, who was ended, who writes along, an officer, or the lead."""
        offer, partner = offered(case), case.partners[0]
        ended = speaker_for(partner.organisation)
        Representative.objects.filter(user=ended).update(ended_at=AT, ended_by=taker)
        others = [
            case.applicant,
            UserFactory.create(email=partner.contact_email),
            pending_for(partner.organisation),
            ended,
            joined(case, participation_id=partner.pk),
            person(Role.OFFICER),
        ]
        for actor in others:
            with pytest.raises(NotAllowed):
                accept(offer, actor)
        assert not may_manage.allows(taker, anew(case))

    def test_nobody_hands_over_to_themselves_by_any_account(self, case) -> None:
        """Rule 28."""
        partner, colleague = case.partners[0].organisation, speaker_for(case.lead)
        same = speaker_for(partner, email=case.applicant.email.replace("@", "+twee@"))
        offer = offered(case, actor=colleague, contact_id=colleague.pk)
        with pytest.raises(RuleViolation, match="vertegenwoordigt ook"):
            accept(offer, same)
        accept(offer, speaker_for(partner))

    def test_nor_may_who_answers_for_the_former_lead_speak_for_the_new_one(self, case, taker: User) -> None:
        """Rule 8."""
        colleague = speaker_for(case.lead)
        offer = offered(case, contact_id=colleague.pk)
        speaker_for(case.partners[0].organisation, email=colleague.email.replace("@", "+twee@"))
        with pytest.raises(RuleViolation):
            accept(offer, taker)

    @pytest.mark.parametrize("which", ["applicant", "colleague"])
    def test_not_once_who_offered_it_or_would_answer_speaks_for_the_lead_no_more(
        self, case, taker: User, which: str
    ) -> None:
        colleague = speaker_for(case.lead)
        offer = offered(case, contact_id=colleague.pk)
        gone = {"applicant": case.applicant, "colleague": colleague}[which]
        Representative.objects.filter(user=gone).update(ended_at=AT, ended_by=taker)
        with pytest.raises(RuleViolation, match="geldt niet meer"):
            accept(offer, taker)

    def test_not_another_than_was_shown(self, case, taker: User) -> None:
        """Rule 30."""
        offer = offered(case)
        seen = lead_shown(offer, drafts_in(offer.coalition))
        start_application(
            coalition_id=case.coalition_id, call=CallFactory.create(), actor=case.applicant, at=AT
        )
        with pytest.raises(NewerVersion):
            accept(offer, taker, seen=seen)
        accept(offer, taker, seen=lead_shown(offer, drafts_in(offer.coalition)))

    def test_not_as_it_names_itself_outside_the_region(self, case, taker: User) -> None:
        """Rule 8."""
        Participation.objects.filter(pk=case.partners[0].pk).update(works_in_region=False)
        offer = offered(case)
        elsewhere = scenarios.started(coalition_name="Elders (fictief)").lead.municipality
        Representative.objects.filter(user=taker).update(stated_municipality=elsewhere)
        with pytest.raises(RuleViolation, match="niet verbonden met de regio"):
            accept(offer, taker)
        Representative.objects.filter(user=taker).update(stated_legal_form="partnership")
        with pytest.raises(RuleViolation, match="rechtspersonen"):
            accept(offer, taker)

    def test_not_where_the_call_takes_an_organisation_once_and_has_it(self, case, taker: User) -> None:
        """Rule 11."""
        Call.objects.filter(pk=case.call_id).update(allows_several_coalitions_per_organisation=False)
        offer = offered(case)
        scenarios.submitted(
            coalition_name="Zij waren eerder (fictief)",
            lead=case.partners[0].organisation,
            region=case.coalition.region,
        )
        with pytest.raises(RuleViolation, match="al mee aan een andere aanvraag"):
            accept(offer, taker)

    def test_not_beside_a_coalition_of_its_own_with_that_name(self, case, taker: User) -> None:
        offer, partner = offered(case), case.partners[0].organisation
        twin = speaker_for(partner)
        Representative.objects.filter(user=twin).update(user=case.applicant)
        start_coalition(
            name=case.coalition.name,
            region=case.coalition.region,
            lead_organisation=partner,
            actor=case.applicant,
            at=AT,
        )
        Representative.objects.filter(user=case.applicant, organisation=partner).update(
            ended_at=AT, ended_by=taker
        )
        with pytest.raises(RuleViolation, match="andere naam"):
            accept(offer, taker)

    def test_nothing_that_was_submitted_moves(self) -> None:
        case = scenarios.submitted()
        offer = LeadOffer.objects.create(
            coalition=case.coalition,
            place=case.partners[0],
            offered_by=case.applicant,
            contact=case.applicant,
            offered_at=AT,
            lapses_at=AT + timedelta(days=30),
        )
        with pytest.raises(RuleViolation, match="geldt niet meer"):
            accept(offer, speaker_for(case.partners[0].organisation))


def test_who_began_it_and_only_says_to_speak_for_the_new_lead_writes_no_more() -> None:
    """A claim alone opens nothing (rule 27), also one of before the coalition was begun."""
    case = scenarios.written()
    RepresentativeFactory.create(
        organisation=case.partners[0].organisation,
        user=case.applicant,
        proof="",
        proved_by=None,
        proved_at=None,
    )
    taken(case)
    moved = anew(case)
    allowed = (may_manage, may_read_draft, may_submit)
    assert [each.allows(case.applicant, moved) for each in allowed] == [False] * 3
    assert not led_by(case.applicant).exists()


class TestColleaguesOfTheLead:
    """A yes moves all drafts for good: who else speaks for the lead hears of the offer in time to take it back (rule 44)."""

    def test_they_are_told_at_once_and_a_yes_waits_three_days(self, case, taker: User) -> None:
        colleague = speaker_for(case.lead)
        offer = offered(case)
        assert mailed("lead_offer_told") == {colleague.email}
        with pytest.raises(RuleViolation, match="4 mei 2024"):
            accept(offer, taker, at=AT + timedelta(days=3, seconds=-1))
        assert take_back_lead_offer(key=offer.key, actor=colleague, at=LATER).state == "taken_back"
        again = offered(case, at=LATER)
        assert accept(again, taker, at=LATER + timedelta(days=3)).state == "accepted"

    def test_an_account_of_the_same_mailbox_is_no_colleague(self, case, taker: User) -> None:
        speaker_for(case.lead, email=case.applicant.email.replace("@", "+nog@"))
        offer = offered(case)
        assert (mailed("lead_offer_told"), accept(offer, taker).state) == (set(), "accepted")

    def test_who_is_disputed_offers_and_accepts_nothing(self, case, taker: User) -> None:
        disputed = {"contested_at": AT, "contested_by": person(Role.OFFICER), "contest_reason": "Wie is dit?"}
        theirs = Representative.objects.filter(user=case.applicant, organisation=case.lead)
        offer = offered(case)
        theirs.update(**disputed)
        with pytest.raises(RuleViolation, match="geldt niet meer"):
            accept(offer, taker)
        take_back_lead_offer(key=offer.key, actor=case.applicant, at=AT)
        with pytest.raises(RuleViolation, match="niet vertegenwoordigt"):
            offered(case, at=LATER)
        theirs.update(contested_at=None, contested_by=None, contest_reason="")
        again = offered(case, at=LATER)
        Representative.objects.filter(user=taker).update(**disputed)
        with pytest.raises(RuleViolation, match="niet vertegenwoordigt"):
            accept(again, taker, at=LATER)


def test_who_began_it_for_a_former_lead_is_not_shown_as_unproved(case, taker: User) -> None:
    """Rules 27 and 37: a partner that was never asked goes on reading who is in the coalition."""
    silent = scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
    reader = speaker_for(silent.organisation)
    assert visible_to(reader).filter(pk=case.coalition_id).exists()
    accept(offered(case), taker)
    assert visible_to(reader).filter(pk=case.coalition_id).exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda offer, _case: LeadOffer.objects.filter(pk=offer.pk).update(settled_by=offer.offered_by),
        lambda offer, _case: LeadOffer.objects.filter(pk=offer.pk).update(contact=offer.settled_by_id),
        lambda offer, _case: LeadOffer.objects.filter(pk=offer.pk).update(settled_at=offer.lapses_at),
    ],
)
def test_the_database_keeps_two_sides(case, taker: User, act: Callable[[LeadOffer, Any], Any]) -> None:
    offer = offered(case)
    accept(offer, taker)
    offer.refresh_from_db()
    name = "lead_offer_accepted_by_somebody_else_in_time"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act(offer, case)


def test_the_database_lets_nobody_lead_without_an_offer(case) -> None:
    Participation.objects.filter(coalition=case.coalition_id, is_lead=True).update(is_lead=False)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Participation.objects.filter(pk=case.partners[0].pk).update(is_lead=True)
    problem: Any = refusal.value.__cause__
    assert problem.diag.constraint_name == "lead_moves_by_an_accepted_offer"


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_accepting_at_once_are_never_both() -> None:
    case = scenarios.written()
    taker = speaker_for(case.partners[0].organisation)
    offer = offered(case)
    race(
        lambda: accept_lead(key=offer.key, actor=taker, at=LATER),
        lambda: take_back_lead_offer(key=offer.key, actor=case.applicant, at=LATER),
    )
    state = LeadOffer.objects.get().state
    leads = Participation.objects.get(coalition=case.coalition_id, is_lead=True).organisation_id
    assert (state, leads) in {
        ("accepted", case.partners[0].organisation_id),
        ("taken_back", case.lead.pk),
    }


@pytest.mark.django_db(transaction=True)
def test_writing_at_the_same_moment_locks_nobody_out() -> None:
    case = scenarios.written()
    taker = speaker_for(case.partners[0].organisation)
    offer, partner = offered(case), case.partners[0]
    results = race(
        lambda: accept_lead(key=offer.key, actor=taker, at=LATER),
        lambda: ask_consent(
            application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=LATER
        ),
    )
    assert not isinstance(results[0], Exception)
    assert Consent.objects.count() == 0
    assert list(every_violation()) == []
