"""Coalitions of different legal persons, each tied to the region (rule 8)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.domain.consents import ask_consent
from applications.enums import RECEIVED_STATUSES
from coalitions import queries
from coalitions.domain import coalitions
from coalitions.domain.coalitions import (
    AlreadyTakesPart,
    add_partner,
    change_contact,
    remove_partner,
    start_coalition,
)
from coalitions.domain.ties import NotTiedToRegion
from coalitions.models import Coalition, Participation
from coalitions.queries import led_by, visible_to
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from organisations.domain.organisations import NotALegalPerson
from organisations.legal_forms import LegalForm
from organisations.models import Organisation
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import RegionFactory
from tests.factories.scenarios import facts_of, started, submitted, written
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return RegionFactory.create()


@pytest.fixture
def lead(region):
    return organisation_in(region)


@pytest.fixture
def applicant(lead):
    return speaker_for(lead, email="Anna@lead.example")


@pytest.fixture
def coalition(region, lead, applicant) -> Coalition:
    return start_coalition(name="Samen", region=region, lead_organisation=lead, actor=applicant, at=AT)


def join(coalition: Coalition, organisation: Organisation, actor: Any, **values: Any) -> Participation:
    defaults = {
        "works_in_region": False,
        "contact_name": "Bo",
        "contact_email": f"bo@partner-{organisation.pk}.example",
    }
    return add_partner(
        coalition_id=coalition.pk, facts=facts_of(organisation), actor=actor, at=AT, **{**defaults, **values}
    )


def test_a_coalition_starts_with_its_lead(coalition, lead, applicant) -> None:
    [participation] = coalition.participations.all()
    assert (participation.organisation, participation.is_lead) == (lead, True)
    assert (participation.contact_email, participation.mailbox) == ("Anna@lead.example", "anna@lead.example")
    assert list(led_by(applicant)) == list(visible_to(applicant)) == [coalition]


def test_starting_is_idempotent(coalition, region, lead, applicant) -> None:
    again = start_coalition(name="Samen", region=region, lead_organisation=lead, actor=applicant, at=AT)
    assert (again, Coalition.objects.count(), Participation.objects.count()) == (coalition, 1, 1)


def test_nobody_starts_for_an_organisation_of_others(region, lead) -> None:
    with pytest.raises(NotAllowed):
        start_coalition(
            name="Samen", region=region, lead_organisation=lead, actor=UserFactory.create(), at=AT
        )


def test_the_lead_is_a_legal_person(region) -> None:
    lead = organisation_in(region, legal_form=LegalForm.INITIATIVE, kvk_number="")
    with pytest.raises(NotALegalPerson):
        start_coalition(name="Samen", region=region, lead_organisation=lead, actor=speaker_for(lead), at=AT)


def test_the_lead_is_tied_to_the_region_or_says_that_it_works_there(region) -> None:
    lead = OrganisationFactory.create()
    actor = speaker_for(lead)
    with pytest.raises(NotTiedToRegion) as refusal:
        start_coalition(name="Samen", region=region, lead_organisation=lead, actor=actor, at=AT)
    assert refusal.value.field == "works_in_region"
    start_coalition(
        name="Samen", region=region, lead_organisation=lead, works_in_region=True, actor=actor, at=AT
    )
    assert lead.participations.get().works_in_region
    # On no map, by a draft of which nobody may know.
    assert list(lead.works_in.all()) == []


def test_a_partner_is_tied_to_the_region(coalition, applicant, region) -> None:
    stranger = OrganisationFactory.create()
    with pytest.raises(NotTiedToRegion):
        join(coalition, stranger, applicant)
    joined = join(coalition, stranger, applicant, works_in_region=True)
    assert (joined.organisation, joined.works_in_region, stranger.works_in.exists()) == (
        stranger,
        True,
        False,
    )


def test_a_partner_is_a_legal_person(coalition, applicant, region) -> None:
    with pytest.raises(NotALegalPerson):
        join(coalition, organisation_in(region, legal_form=LegalForm.SOLE_TRADER), applicant)


def test_the_same_organisation_twice_is_refused(coalition, applicant, region, lead) -> None:
    partner = organisation_in(region)
    join(coalition, partner, applicant)
    for again in (partner, lead):
        with pytest.raises(AlreadyTakesPart) as refusal:
            join(coalition, again, applicant, contact_email="ander@elders.example")
        assert refusal.value.field == "kvk_number"


@pytest.mark.parametrize(
    "address", ["anna@lead.example", "ANNA@LEAD.EXAMPLE", "anna+partner@lead.example", "collega@lead.example"]
)
def test_a_partner_has_another_mailbox_than_the_people_of_the_lead(
    coalition, applicant, region, lead, address
) -> None:
    """Rule 8, plus-addresses and colleagues included."""
    speaker_for(lead, email="collega@lead.example")
    with pytest.raises(AlreadyTakesPart) as refusal:
        join(coalition, organisation_in(region), applicant, contact_email=address)
    assert refusal.value.field == "contact_email"


def test_one_mailbox_answers_for_one_organisation(coalition, applicant, region) -> None:
    join(coalition, organisation_in(region), applicant, contact_email="bo@partner.example")
    with pytest.raises(AlreadyTakesPart) as refusal:
        join(coalition, organisation_in(region), applicant, contact_email="bo+2@partner.example")
    assert refusal.value.field == "contact_email"


def test_only_the_lead_says_who_is_in(coalition, applicant, region) -> None:
    participation = join(coalition, organisation_in(region), applicant)
    outsiders = [UserFactory.create(), speaker_for(participation.organisation)]
    for outsider in outsiders:
        with pytest.raises(NotAllowed):
            join(coalition, organisation_in(region), outsider)
        with pytest.raises(NotAllowed):
            change_contact(
                participation_id=participation.pk,
                contact_name="",
                contact_email="x@y.example",
                actor=outsider,
                at=AT,
            )
        with pytest.raises(NotAllowed):
            remove_partner(
                coalition_id=coalition.pk, participation_id=participation.pk, actor=outsider, at=AT
            )


def test_another_contact_person_obeys_the_same_rules(coalition, applicant, region) -> None:
    one, other = (join(coalition, organisation_in(region), applicant) for _each in range(2))
    for wrong in ("anna+b@lead.example", other.contact_email):
        with pytest.raises(AlreadyTakesPart):
            change_contact(
                participation_id=one.pk, contact_name="C", contact_email=wrong, actor=applicant, at=AT
            )
    kept = change_contact(
        participation_id=one.pk,
        contact_name="C",
        contact_email=one.contact_email.upper(),
        actor=applicant,
        at=AT,
    )
    assert (kept.contact_name, kept.mailbox) == ("C", one.mailbox)


def test_the_same_contact_person_again_changes_nothing(coalition, applicant, region) -> None:
    """A second click does not tell who submits at that moment that something changed (rule 2)."""
    partner = join(coalition, organisation_in(region), applicant)
    typed = {"contact_name": "C", "contact_email": "c@partner.example", "actor": applicant}
    for at in (AT + timedelta(hours=1), AT + timedelta(hours=2)):
        change_contact(participation_id=partner.pk, at=at, **typed)
    coalition.refresh_from_db()
    assert coalition.changed_at == AT + timedelta(hours=1)
    assert AuditEvent.objects.filter(act="coalitions.contact_changed").count() == 1


def test_a_partner_that_was_asked_nothing_can_be_taken_out(coalition, applicant, region) -> None:
    participation = join(coalition, organisation_in(region), applicant)
    remove_partner(coalition_id=coalition.pk, participation_id=participation.pk, actor=applicant, at=AT)
    assert coalition.participations.count() == 1


def test_a_partner_that_was_asked_stays() -> None:
    case = written()
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    with pytest.raises(RuleViolation):
        remove_partner(
            coalition_id=case.coalition_id, participation_id=partner.pk, actor=case.applicant, at=AT
        )
    assert case.coalition.participations.filter(pk=partner.pk).exists()


def test_the_lead_cannot_be_taken_out(coalition, applicant) -> None:
    with pytest.raises(Participation.DoesNotExist):
        remove_partner(
            coalition_id=coalition.pk,
            participation_id=coalition.participations.get().pk,
            actor=applicant,
            at=AT,
        )


def test_the_database_refuses_an_organisation_twice(coalition, lead) -> None:
    with refused_by("participation_once_per_organisation"):
        Participation.objects.create(coalition=coalition, organisation=lead, joined_at=AT)


def test_the_database_refuses_a_second_lead(coalition) -> None:
    with refused_by("participation_one_lead"):
        Participation.objects.create(
            coalition=coalition, organisation=OrganisationFactory.create(), is_lead=True, joined_at=AT
        )


def test_the_database_refuses_a_mailbox_for_two_organisations(coalition) -> None:
    with refused_by("participation_mailbox_answers_for_one_organisation"):
        Participation.objects.create(
            coalition=coalition,
            organisation=OrganisationFactory.create(),
            mailbox="anna@lead.example",
            joined_at=AT,
        )


def test_the_database_refuses_a_coalition_twice(coalition, applicant) -> None:
    with refused_by("coalition_once_per_name_and_starter"):
        Coalition.objects.create(
            name=coalition.name,
            region=coalition.region,
            lead_organisation=coalition.lead_organisation,
            created_by=applicant,
            created_at=AT,
        )


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_coalition(region, lead, applicant) -> None:
    def start() -> Coalition:
        return start_coalition(name="Samen", region=region, lead_organisation=lead, actor=applicant, at=AT)

    first, second = race(start, start)
    assert first == second
    assert (Coalition.objects.count(), Participation.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_partner_added_twice_at_once_is_in_once(coalition, applicant, region) -> None:
    partner = organisation_in(region)
    outcomes = race(
        *(lambda n=n: join(coalition, partner, applicant, contact_email=f"{n}@x.example") for n in (1, 2))
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyTakesPart", "Participation"]


def test_contact_persons_are_fixed_once_an_application_is_submitted() -> None:
    """Whose address is named has a tie (rule 29): who applies would choose who judges."""
    case = submitted()
    with pytest.raises(RuleViolation) as refusal:
        change_contact(
            participation_id=case.partners[0].pk,
            contact_name="Een beoordelaar",
            contact_email="beoordelaar@elders.example",
            actor=case.applicant,
            at=AT,
        )
    assert refusal.value.field == "contact_email"


def test_what_counts_as_received_is_what_applications_call_so() -> None:
    assert set(queries._RECEIVED) == {each.value for each in RECEIVED_STATUSES}


def test_a_coalition_has_no_more_members_than_a_budget_can_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    case = started(partners=1)
    monkeypatch.setattr(coalitions, "MAX_MEMBERS", 2)
    with pytest.raises(RuleViolation) as refused:
        join(case.coalition, organisation_in(case.coalition.region), case.applicant)
    assert (refused.value.field, case.coalition.participations.count()) == ("kvk_number", 2)
