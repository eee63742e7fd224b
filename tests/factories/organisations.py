"""Organisations and who speaks for them."""

from datetime import datetime

import factory
from factory.django import DjangoModelFactory

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from organisations.domain.representing import confirm_as_office
from organisations.enums import Proof
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Recommendation, Representative
from organisations.queries import pending_representatives
from regions.models import Region
from regions.names import sort_name
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT, CALL_OPENS
from tests.factories.regions import MunicipalityFactory

_OFFICE = "bureau@hubportaal.example"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A legal person in the register."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Stichting Voorbeeld {number} (fictief)")
    sort_name = factory.LazyAttribute(lambda organisation: sort_name(organisation.name))
    kvk_number = factory.Sequence(lambda number: f"{90_000_000 + number:08}")
    legal_form = LegalForm.FOUNDATION
    municipality = factory.SubFactory(MunicipalityFactory)
    created_at = CALL_OPENS
    mapped_at = CALL_OPENS


def office() -> User:
    """Return the one officer who confirms representatives."""
    known = User.objects.filter(email=_OFFICE).first()
    return known or person(Role.OFFICER, email=_OFFICE)


class RepresentativeFactory(DjangoModelFactory[Representative]):
    """Somebody who speaks for an organisation: the office confirmed it."""

    class Meta:
        model = Representative

    organisation = factory.SubFactory(OrganisationFactory)
    stated_name = factory.LazyAttribute(lambda row: row.organisation.name)
    stated_sort_name = factory.LazyAttribute(lambda row: sort_name(row.stated_name))
    stated_legal_form = factory.LazyAttribute(lambda row: row.organisation.legal_form)
    stated_municipality = factory.LazyAttribute(lambda row: row.organisation.municipality)
    user = factory.SubFactory(UserFactory)
    since_at = CALL_OPENS
    proof = Proof.OFFICE
    proved_by = factory.LazyFunction(office)
    proved_at = CALL_OPENS


class RecommendationFactory(DjangoModelFactory[Recommendation]):
    """The word of a kwartiermaker on somebody who says to speak for an organisation."""

    class Meta:
        model = Recommendation

    representative = factory.SubFactory(RepresentativeFactory, proof="", proved_by=None, proved_at=None)
    given_by = factory.SubFactory(UserFactory)
    given_at = AT
    is_right = True
    reason = "Gebeld met de organisatie (fictief)."


def organisation_in(region: Region, **values: object) -> Organisation:
    """Make a legal person whose seat lies in a region."""
    municipality = region.municipalities.first() or MunicipalityFactory.create(region=region)
    return OrganisationFactory.create(municipality=municipality, **values)


def speaker_for(organisation: Organisation, *, proved_by: User | None = None, **values: object) -> User:
    """Make somebody who speaks for an organisation: the one officer confirmed it, or who is given."""
    return RepresentativeFactory.create(
        organisation=organisation, user=UserFactory.create(**values), proved_by=proved_by or office()
    ).user


def confirm_pending(*, at: datetime = AT) -> None:
    """Let the office confirm everybody who waits for it."""
    for each in pending_representatives():
        confirm_as_office(representative_id=each.pk, shown_dispute="", actor=office(), at=at)


def pending_for(organisation: Organisation, **values: object) -> User:
    """Make somebody who only said that they speak for an organisation."""
    unproved = RepresentativeFactory.create(
        organisation=organisation, user=UserFactory.create(**values), proof="", proved_by=None, proved_at=None
    )
    return unproved.user
