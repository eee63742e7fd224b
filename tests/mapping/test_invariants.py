"""What the check of invariants finds of the map."""

import pytest

from hubportal.accounts.enums import Role
from mapping import invariants
from mapping.domain.answering import withdraw_by_link
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.invariants import violations
from mapping.models import Engagement, ParticipationQuestion
from organisations.models import Organisation
from tests.breaking import force, named, sentences_in
from tests.factories.accounts import person
from tests.factories.agreeing import agreed
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory

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


def test_organisation_whose_publication_was_withdrawn_is_not_public_by_hand() -> None:
    region = RegionFactory.create()
    organisation, kwartiermaker = organisation_in(region), person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=region)
    publish_organisation(organisation_id=organisation.pk, actor=kwartiermaker, at=AT)
    withdraw_publication(organisation_id=organisation.pk, actor=kwartiermaker, at=AT)
    assert found() == []
    force(organisation, published_at=AT, published_by=kwartiermaker)
    assert list(violations()) == named(23, "is public but nobody published it", organisation)


def test_organisation_that_names_who_published_it_is_public() -> None:
    organisation = OrganisationFactory.create()
    force(organisation, published_by=person(Role.KWARTIERMAKER))
    assert list(violations()) == named(23, "names who published it but is not public", organisation)


def test_an_agreement_to_another_text_is_found_and_so_is_who_is_public_after_declining() -> None:
    region = RegionFactory.create()
    organisation, kwartiermaker = organisation_in(region), person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=region)
    given = agreed(organisation, region, kwartiermaker)
    assert found() == []
    force(given, text={**given.text, "description": "Iets anders."})
    assert list(violations()) == named(23, "holds another text than was agreed to", given)
    withdraw_by_link(request_id=given.pk, at=AT)
    force(organisation, published_at=AT, published_by=kwartiermaker)
    assert "is public but nobody published it" in {each.sentence for each in violations()}


def test_every_sentence_is_known() -> None:
    assert sentences_in(invariants) == {
        "concerns a municipality of another region",
        "holds another text than was agreed to",
        "involves an organisation that is not active in the region",
        "is public but nobody published it",
        "declined, and that is not remembered by its number",
        "is public though it declined",
        "names who published it but is not public",
    }
