"""The lead of a coalition is offered by who speaks for it, and nothing moves before the other side says yes (rule 44)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications.domain.drafting import save_section
from applications.domain.erasing import erase_draft, erase_lead_offers_of
from applications.domain.offering_lead import (
    MOST_A_DAY,
    decline_lead,
    lapse_lead_offer,
    take_back_lead_offer,
)
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.domain.taking_lead import accept_lead
from applications.models import ApplicationPeople, BudgetLine, LeadOffer
from applications.models.lead_offer import OPEN_FOR
from applications.queries.lead_offers import acceptable_from, lead_offers_to_lapse
from coalitions.domain.coalitions import remove_partner
from coalitions.domain.erasing import erase_coalition
from coalitions.domain.ties import NotTiedToRegion
from coalitions.models import Participation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.domain.organisations import NotALegalPerson, stated
from organisations.domain.representing import end_representation, restate
from organisations.models import Representative
from tests.applications.collaborating import joined
from tests.applications.leading import offered
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, pending_for, speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.racing import held_open

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def case() -> Any:
    return scenarios.written()


@pytest.fixture
def taker(case: Any) -> User:
    """Return who is proved to speak for the partner."""
    return speaker_for(case.partners[0].organisation, full_name="Tara Overneemster (fictief)")


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


def leads(case: Any) -> int:
    place: Participation = Participation.objects.get(coalition=case.coalition_id, is_lead=True)
    return place.organisation_id


class TestOffer:
    def test_it_asks_the_partner_and_moves_nothing(self, case, taker: User) -> None:
        offer = offered(case)
        assert mailed("lead_offered") == {taker.email, case.partners[0].contact_email}
        assert (leads(case), offer.lapses_at) == (case.lead.pk, AT + timedelta(days=30))
        body = OutgoingMail.objects.get(kind="lead_offered", recipient=taker.email).body
        assert body.startswith("Beste Tara Overneemster (fictief),")
        # Nothing of the draft.
        assert case.title not in body
        assert list(every_violation()) == []

    def test_only_who_is_proved_to_speak_for_the_lead_offers(self, case, taker: User) -> None:
        """Rules 27 and 37: not who only says so, who was ended, who writes along, the partner, or an officer."""
        ended = speaker_for(case.lead)
        Representative.objects.filter(user=ended).update(ended_at=AT, ended_by=case.applicant)
        for actor in (pending_for(case.lead), ended, joined(case), taker, person(Role.OFFICER)):
            with pytest.raises(NotAllowed):
                offered(case, actor=actor)
        assert offered(case, actor=speaker_for(case.lead)).pk

    def test_it_tells_not_whether_anybody_is_proved_for_the_partner(self, case) -> None:
        """Rule 26: the mailbox that the coalition named is asked either way."""
        offered(case)
        assert mailed("lead_offered") == {case.partners[0].contact_email}

    def test_twice_is_once_and_another_one_waits(self, case, taker: User) -> None:
        scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
        other = case.coalition.participations.filter(is_lead=False).exclude(pk=case.partners[0].pk).get()
        first = offered(case)
        assert offered(case) == first
        assert OutgoingMail.objects.filter(kind="lead_offered").count() == 2
        with pytest.raises(RuleViolation, match="al aangeboden") as refusal:
            offered(case, participation_id=other.pk)
        assert refusal.value.field == "to"

    def test_only_a_partner_of_the_coalition_that_may_lead(self, case) -> None:
        """Rule 8."""
        lead = case.coalition.participations.get(is_lead=True)
        stranger = scenarios.started(coalition_name="Andere coalitie (fictief)").partners[0]
        for place in (lead, stranger):
            with pytest.raises(RuleViolation) as refusal:
                offered(case, participation_id=place.pk)
            assert refusal.value.field == "to"
        partner = Participation.objects.filter(pk=case.partners[0].pk)
        partner.update(works_in_region=False, stated_municipality=MunicipalityFactory.create())
        with pytest.raises(NotTiedToRegion):
            offered(case)
        partner.update(works_in_region=True, stated_legal_form="partnership")
        with pytest.raises(NotALegalPerson):
            offered(case)

    def test_the_contact_person_afterwards_speaks_for_the_lead_at_a_mailbox_of_their_own(self, case) -> None:
        """Rules 8 and 28."""
        scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
        taken_box = case.coalition.participations.filter(is_lead=False).last().contact_email
        colleague = speaker_for(case.lead, email=taken_box.replace("@", "+x@"))
        for contact in (colleague, pending_for(case.lead), UserFactory.create()):
            with pytest.raises(RuleViolation) as refusal:
                offered(case, contact_id=contact.pk)
            assert refusal.value.field == "contact"
        mine = speaker_for(case.lead)
        assert offered(case, contact_id=mine.pk).contact == mine

    def test_not_to_a_partner_that_answers_through_a_mailbox_of_the_lead(self, case) -> None:
        """Rule 28."""
        speaker_for(case.lead, email=case.partners[0].contact_email)
        with pytest.raises(RuleViolation) as refusal:
            offered(case)
        assert refusal.value.field == "to"

    def test_not_once_anything_of_the_coalition_was_submitted(self) -> None:
        submitted = scenarios.submitted()
        with pytest.raises(RuleViolation):
            offered(submitted)
        withdraw(application_id=submitted.pk, actor=submitted.applicant, at=LATER)
        again = start_again(application_id=submitted.pk, actor=submitted.applicant, at=LATER)
        with pytest.raises(RuleViolation, match="een aanvraag ingediend"):
            offered(submitted, application_id=again.pk, at=LATER)

    def test_not_without_end(self, case) -> None:
        for _each in range(MOST_A_DAY):
            take_back_lead_offer(key=offered(case).key, actor=case.applicant, at=AT)
        with pytest.raises(TooMuch):
            offered(case)
        assert offered(case, at=AT + timedelta(days=2)).pk


class TestNo:
    def test_who_is_asked_says_no_with_a_reason_for_who_offered(self, case, taker: User) -> None:
        offer = offered(case)
        with pytest.raises(RuleViolation) as refusal:
            decline_lead(key=offer.key, reason=" ", actor=taker, at=AT)
        assert refusal.value.field == "reason"
        for _each in range(2):
            settled = decline_lead(key=offer.key, reason="Te druk. Zie elders.example", actor=taker, at=AT)
        assert (settled.state, settled.declined_because) == ("declined", "Te druk. Zie elders.example")
        mail = OutgoingMail.objects.get(kind="lead_declined")
        assert (mail.recipient, "Te druk" in mail.body, "elders.example" in mail.body) == (
            case.applicant.email,
            True,
            False,
        )
        assert leads(case) == case.lead.pk

    def test_nobody_else_says_no(self, case, taker: User) -> None:
        offer = offered(case)
        contact = UserFactory.create(email=case.partners[0].contact_email)
        pending = pending_for(case.partners[0].organisation)
        for actor in (case.applicant, contact, pending, person(Role.OFFICER), joined(case)):
            with pytest.raises(NotAllowed):
                decline_lead(key=offer.key, reason="Nee", actor=actor, at=AT)

    def test_every_speaker_for_the_lead_takes_it_back_and_who_was_asked_hears_it(
        self, case, taker: User
    ) -> None:
        offer = offered(case)
        for actor in (taker, pending_for(case.lead), joined(case)):
            with pytest.raises(NotAllowed):
                take_back_lead_offer(key=offer.key, actor=actor, at=AT)
        colleague = speaker_for(case.lead)
        for _each in range(2):
            assert take_back_lead_offer(key=offer.key, actor=colleague, at=AT).state == "taken_back"
        assert mailed("lead_offer_over") == {taker.email, case.partners[0].contact_email}
        with pytest.raises(RuleViolation, match="geldt niet meer"):
            accept_lead(key=offer.key, actor=taker, at=AT)

    def test_it_lapses_after_thirty_days_and_not_before(self, case, taker: User) -> None:
        offer = offered(case)
        early = AT + OPEN_FOR - SECOND
        assert (list(lead_offers_to_lapse(at=early)), lapse_lead_offer(offer_id=offer.pk, at=early)) == (
            [],
            False,
        )
        with pytest.raises(RuleViolation):
            accept_lead(key=offer.key, actor=taker, at=AT + OPEN_FOR)
        late = decline_lead(key=offer.key, reason="Toch niet.", actor=taker, at=AT + OPEN_FOR)
        assert (late.state, late.declined_because) == ("open", "")
        assert list(lead_offers_to_lapse(at=AT + OPEN_FOR)) == [offer]
        assert lapse_lead_offer(offer_id=offer.pk, at=AT + OPEN_FOR) is True
        assert lapse_lead_offer(offer_id=offer.pk, at=AT + OPEN_FOR) is False
        assert {case.applicant.email, taker.email} <= mailed("lead_offer_over")

    def test_one_that_lapsed_unswept_keeps_nobody_from_offering(self, case, taker: User) -> None:
        first = offered(case)
        second = offered(case, at=AT + OPEN_FOR)
        first.refresh_from_db()
        assert (first.state, second.state) == ("lapsed", "open")

    def test_it_stops_when_the_draft_is_discarded(self, case, taker: User) -> None:
        offer = offered(case)
        withdraw(application_id=case.pk, actor=case.applicant, at=LATER, seen="draft")
        offer.refresh_from_db()
        assert (offer.state, offer.settled_by) == ("stopped", case.applicant)
        told = OutgoingMail.objects.filter(kind="lead_offer_over")
        assert {each.recipient for each in told} >= {case.applicant.email, taker.email}
        # Rule 26: not why.
        assert not any("ingetrokken" in each.body or "ingediend" in each.body for each in told)

    def test_it_stops_when_the_draft_is_submitted(self) -> None:
        case = scenarios.ready()
        offer = offered(case)
        scenarios.submitted(case)
        offer.refresh_from_db()
        assert offer.state == "stopped"
        assert list(every_violation()) == []

    def test_it_stops_when_the_partner_is_removed(self, case, taker: User) -> None:
        offered(case)
        partner = case.partners[0]
        lead = case.coalition.participations.get(is_lead=True)
        BudgetLine.objects.filter(participation=partner).update(participation=lead)
        ApplicationPeople.objects.filter(application=case).update(leader_organisation=case.lead)
        where = {"participation_id": partner.pk, "actor": case.applicant, "at": LATER}
        with pytest.raises(RuleViolation, match="Partners en instemming"):
            remove_partner(coalition_id=case.coalition_id, **where)
        remove_asked_partner(application_id=case.pk, **where)
        assert (LeadOffer.objects.exists(), taker.email in mailed("lead_offer_over")) == (False, True)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lead_offer_open_for_thirty_days", {"lapses_at": AT + OPEN_FOR + SECOND}),
        ("lead_offer_settled_at_a_moment", {"settled_at": AT}),
        ("lead_offer_settled_at_a_moment", {"state": "taken_back", "settled_at": AT}),
        ("lead_offer_declined_with_a_reason", {"declined_because": "Nee"}),
    ],
)
def test_the_database_keeps_it(case, name: str, values: dict[str, Any]) -> None:
    offer = offered(case)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LeadOffer.objects.filter(pk=offer.pk).update(**values)


def test_one_is_open(case) -> None:
    offer = offered(case)
    offer.pk, offer.key = None, "0" * 32
    with pytest.raises(IntegrityError, match="lead_offer_one_open_per_coalition"), transaction.atomic():
        offer.save(force_insert=True)


def test_offers_go_with_a_coalition_that_is_erased(case) -> None:
    take_back_lead_offer(key=offered(case).key, actor=case.applicant, at=AT)
    erase_draft(case, at=AT)
    erase_lead_offers_of(case.coalition)
    erase_coalition(case.coalition, at=AT)
    assert not LeadOffer.objects.exists()


@pytest.mark.parametrize("is_before", [True, False])
def test_colleagues_keep_their_days_where_one_names_the_lead_otherwise(case, is_before: bool) -> None:
    """They are pending under the name that they typed, and told of it all the same."""
    colleague, taker = speaker_for(case.lead), speaker_for(case.partners[0].organisation)
    row = colleague.representations.get()
    offer = None if is_before else offered(case)
    restate(row, stated(scenarios.facts_of(case.lead)), actor=colleague, at=AT)
    offer = offer or offered(case)
    assert OutgoingMail.objects.filter(kind="lead_offer_told", recipient=colleague.email).exists()
    with pytest.raises(RuleViolation, match="Tot dan kan de penvoerder"):
        accept_lead(key=offer.key, actor=taker, at=AT + timedelta(hours=1))
    assert accept_lead(key=offer.key, actor=taker, at=acceptable_from(offer)).state == "accepted"


@pytest.mark.parametrize("leaves", ["names it otherwise", "stops"])
def test_who_leaves_the_lead_for_a_moment_does_not_take_it_for_the_partner(case, leaves: str) -> None:
    """Rule 8: they stood on both sides when it was offered."""
    colleague = speaker_for(case.lead)
    both = speaker_for(case.partners[0].organisation)
    row = RepresentativeFactory.create(user=both, organisation=case.lead, since_at=AT)
    offer = offered(case, contact_id=colleague.pk)
    if leaves == "stops":
        end_representation(representative_id=row.pk, reason="", actor=both, at=AT + timedelta(hours=1))
    else:
        restate(row, stated(scenarios.facts_of(case.lead)), actor=both, at=AT + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="vertegenwoordigt ook"):
        accept_lead(key=offer.key, actor=both, at=acceptable_from(offer))


@pytest.mark.django_db(transaction=True)
def test_who_takes_it_back_while_it_is_taken_hears_that_it_is_over() -> None:
    """Who waited for the coalition finds it under its lead of now."""
    case = scenarios.written()
    offer = offered(case)
    taker = speaker_for(case.partners[0].organisation)

    def save() -> None:
        save_section(
            reference=case.reference, key="regio", text="Anders", seen_version=1, actor=case.applicant, at=AT
        )

    with held_open(lambda: accept_lead(key=offer.key, actor=taker, at=acceptable_from(offer))) as meanwhile:
        waiting = meanwhile(
            lambda: take_back_lead_offer(key=offer.key, actor=case.applicant, at=acceptable_from(offer))
        )
        saving = meanwhile(save)
        assert waiting.waits()
    assert waiting.result().state == "accepted"
    with pytest.raises(NotAllowed):
        saving.result()
