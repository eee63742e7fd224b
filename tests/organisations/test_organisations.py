"""Organisations: legal persons take part, and somebody speaks for them (rule 8)."""

from typing import Any

import pytest
from django.db.models import ProtectedError

from organisations.domain.claiming import MAX_PENDING, TooManyPending, claim_organisation
from organisations.domain.organisations import NotALegalPerson, OrganisationFacts, find_or_add_partner
from organisations.enums import Standing
from organisations.legal_forms import LEGAL_PERSONS, LegalForm
from organisations.models import Organisation, Representative
from organisations.queries import organisations_in, organisations_of
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def facts(**values: Any) -> OrganisationFacts:
    defaults: dict[str, Any] = {
        "name": "Stichting Proef (fictief)",
        "legal_form": LegalForm.FOUNDATION,
        "kvk_number": "12345678",
    }
    if "municipality" not in values:
        values["municipality"] = MunicipalityFactory.create()
    return OrganisationFacts(**{**defaults, **values})


@pytest.mark.parametrize(
    "number", ["", "1234567", "123456789", "1234567a", "abcdefgh", "1234 567", "１２３４５６７８", "٠١٢٣٤٥٦٧"]
)
def test_a_kvk_number_with_anything_but_eight_digits_is_refused(number: str) -> None:
    with pytest.raises(NotALegalPerson) as refusal:
        claim_organisation(facts=facts(kvk_number=number), actor=UserFactory.create(), at=AT)
    assert refusal.value.field == "kvk_number"
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("form", sorted(set(LegalForm) - LEGAL_PERSONS))
def test_only_legal_persons_take_part(form: LegalForm) -> None:
    """Rule 8."""
    for act in (claim_organisation, find_or_add_partner):
        with pytest.raises(NotALegalPerson) as refusal:
            act(facts=facts(legal_form=form), actor=UserFactory.create(), at=AT)
        assert refusal.value.field == "legal_form"


@pytest.mark.parametrize("form", sorted(LEGAL_PERSONS))
def test_every_kind_of_legal_person_takes_part(form: LegalForm) -> None:
    claimed = claim_organisation(facts=facts(legal_form=form), actor=UserFactory.create(), at=AT)
    assert claimed.organisation.is_legal_person


def test_an_informal_initiative_is_no_legal_person_whatever_its_number() -> None:
    assert not OrganisationFactory.build(legal_form=LegalForm.INITIATIVE).is_legal_person
    assert not OrganisationFactory.build(kvk_number="").is_legal_person


def test_claiming_is_idempotent() -> None:
    user = UserFactory.create()
    first = claim_organisation(facts=facts(), actor=user, at=AT)
    again = claim_organisation(facts=facts(name="Andere naam"), actor=user, at=AT)
    assert (again, Organisation.objects.count(), Representative.objects.count()) == (first, 1, 1)
    assert list(first.organisation.works_in.all()) == []


def test_a_mapped_organisation_for_which_nobody_speaks_keeps_what_the_map_says() -> None:
    mapped = OrganisationFactory.create(kvk_number="12345678", name="Op de kaart")
    claimed = claim_organisation(facts=facts(name="Getypt"), actor=UserFactory.create(), at=AT)
    assert (claimed.organisation, claimed.organisation.name) == (mapped, "Op de kaart")


def test_who_says_it_first_has_no_advantage() -> None:
    """Rule 27: nobody is locked out, and nobody speaks for it."""
    people = UserFactory.create_batch(2)
    claims = [claim_organisation(facts=facts(), actor=each, at=AT) for each in people]
    assert [each.standing for each in claims] == [Standing.PENDING] * 2
    assert [list(organisations_of(each)) for each in people] == [[], []]


def test_nobody_waits_for_more_than_a_few_organisations_at_once() -> None:
    user = UserFactory.create()
    for number in range(MAX_PENDING):
        claim_organisation(facts=facts(kvk_number=f"9000000{number}"), actor=user, at=AT)
    with pytest.raises(TooManyPending) as refusal:
        claim_organisation(facts=facts(kvk_number="90000009"), actor=user, at=AT)
    assert refusal.value.field == "kvk_number"
    assert Representative.objects.count() == MAX_PENDING


def test_the_database_refuses_a_number_with_letters() -> None:
    for wrong in ("1234567a", "123", "123456789"[:8] + ""):
        if wrong.isdigit() and len(wrong) == 8:
            continue
        with refused_by("organisation_kvk_number_has_eight_digits"):
            OrganisationFactory.create(kvk_number=wrong)


def test_the_database_refuses_a_second_organisation_with_one_number_and_takes_many_without() -> None:
    organisation = OrganisationFactory.create()
    OrganisationFactory.create_batch(2, kvk_number="", legal_form=LegalForm.INITIATIVE)
    with refused_by("organisation_once_per_kvk_number"):
        OrganisationFactory.create(kvk_number=organisation.kvk_number)


def test_the_database_refuses_an_unknown_legal_form() -> None:
    with refused_by("organisation_of_a_known_legal_form"):
        OrganisationFactory.create(legal_form="guild")


def test_the_database_refuses_the_same_representative_twice() -> None:
    organisation = OrganisationFactory.create()
    user = speaker_for(organisation)
    with refused_by("representative_once_per_organisation"):
        Representative.objects.create(organisation=organisation, user=user, since_at=AT)


def test_an_organisation_in_use_is_not_removed() -> None:
    organisation = OrganisationFactory.create()
    speaker_for(organisation)
    with pytest.raises(ProtectedError):
        organisation.delete()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_claim_a_new_organisation_at_once_make_one() -> None:
    told = facts()
    people = UserFactory.create_batch(2)
    race(*(lambda user=user: claim_organisation(facts=told, actor=user, at=AT) for user in people))
    assert Organisation.objects.count() == 1
    assert Representative.objects.count() == 2


def test_a_region_has_who_is_seated_or_works_there_and_nobody_else() -> None:
    here, elsewhere = MunicipalityFactory.create(), MunicipalityFactory.create()
    seated = OrganisationFactory.create(municipality=here)
    active = OrganisationFactory.create(municipality=elsewhere)
    active.works_in.add(here.region)
    OrganisationFactory.create(municipality=elsewhere)
    assert set(organisations_in(here.region)) == {seated, active}
