"""What the check of invariants finds of regions, organisations and questions."""

import pytest

from hubportal.accounts.enums import Role
from regions.domain.organisations import publish_organisation
from regions.invariants import violations
from regions.models import Engagement, Organisation, ParticipationQuestion
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.regions import (
    KwartiermakerAssignmentFactory,
    MunicipalityFactory,
    OrganisationFactory,
    RegionFactory,
    organisation_in,
    speaker_for,
)

pytestmark = pytest.mark.django_db


def found() -> list[tuple[int, int | None]]:
    return [(each.rule, each.row) for each in violations()]


def test_nothing_is_found_where_acts_did_everything() -> None:
    region = RegionFactory.create()
    organisation = organisation_in(region)
    speaker_for(organisation)
    kwartiermaker = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=region)
    publish_organisation(organisation_id=organisation.pk, actor=kwartiermaker, at=AT)
    question = ParticipationQuestion.objects.create(
        region=region, municipality=organisation.municipality, title="Vraag", created_at=AT
    )
    Engagement.objects.create(question=question, organisation=organisation, form="advise")
    active = OrganisationFactory.create()
    active.works_in.add(region)
    Engagement.objects.create(question=question, organisation=active, form="inform")
    assert found() == []


def test_speaking_for_what_is_no_legal_person_is_found() -> None:
    initiative = OrganisationFactory.create(legal_form="initiative", kvk_number="")
    assert found() == []
    speaker_for(initiative)
    assert found() == [(8, initiative.pk)]


def test_public_organisation_that_nobody_published_is_found() -> None:
    organisation = OrganisationFactory.create()
    Organisation.objects.update(published_at=AT)
    assert found() == [(23, organisation.pk)]


def test_question_in_a_municipality_of_another_region_is_found() -> None:
    question = ParticipationQuestion.objects.create(
        region=RegionFactory.create(), municipality=MunicipalityFactory.create(), title="Vraag", created_at=AT
    )
    assert found() == [(22, question.pk)]


def test_involvement_of_an_organisation_from_elsewhere_is_found() -> None:
    question = ParticipationQuestion.objects.create(
        region=RegionFactory.create(), title="Vraag", created_at=AT
    )
    engagement = Engagement.objects.create(
        question=question, organisation=OrganisationFactory.create(), form="advise"
    )
    assert found() == [(22, engagement.pk)]
