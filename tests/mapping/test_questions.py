"""Participation questions of a region (rule 22)."""

import pytest

from hubportal.accounts.enums import Role
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.domain.questions import save_question
from mapping.enums import ParticipationForm
from mapping.models import Engagement, ParticipationQuestion
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def write(region: Region, **values):
    defaults = {"title": "Wie vraagt wat?", "description": "", "municipality": None, "forms": {}, "at": AT}
    return save_question(region=region, **{**defaults, **values})


@pytest.fixture
def region() -> Region:
    return RegionFactory.create()


@pytest.fixture
def mapper(region: Region):
    return KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER), region=region).user


def test_a_question_names_who_is_involved_and_how(region, mapper) -> None:
    one, other = organisation_in(region), organisation_in(region)
    forms = {one: ParticipationForm.ADVISE, other: ParticipationForm.COPRODUCE}
    question = write(region, forms=forms, actor=mapper)
    assert {each.organisation: each.form for each in question.engagements.all()} == forms


def test_writing_it_again_replaces_who_is_involved(region, mapper) -> None:
    one, other = organisation_in(region), organisation_in(region)
    question = write(region, forms={one: ParticipationForm.INFORM}, actor=mapper)
    again = write(
        region, title="Anders", forms={other: ParticipationForm.DECIDE}, actor=mapper, question_id=question.pk
    )
    assert (again.pk, again.title, again.created_at) == (question.pk, "Anders", AT)
    assert [each.organisation for each in question.engagements.all()] == [other]


def test_writing_it_again_keeps_the_rows_of_who_stays(region, mapper) -> None:
    one, other, new = (organisation_in(region) for _each in range(3))
    question = write(region, forms={one: "inform", other: "advise"}, actor=mapper)
    rows = dict(question.engagements.values_list("organisation", "pk"))
    again = {one: "inform", other: "decide", new: "advise"}
    write(region, title="Anders", forms=again, actor=mapper, question_id=question.pk)
    assert {each.organisation: each.form for each in question.engagements.all()} == again
    assert rows.items() <= dict(question.engagements.values_list("organisation", "pk")).items()


def test_another_region_is_not_written_about(region, mapper) -> None:
    other = RegionFactory.create()
    with pytest.raises(NotAllowed):
        write(other, actor=mapper)
    question = ParticipationQuestion.objects.create(region=other, title="Van een ander", created_at=AT)
    with pytest.raises(ParticipationQuestion.DoesNotExist):
        write(region, actor=mapper, question_id=question.pk)


def test_a_municipality_of_another_region_is_refused(region, mapper) -> None:
    with pytest.raises(RuleViolation) as refusal:
        write(region, municipality=MunicipalityFactory.create(), actor=mapper)
    assert refusal.value.field == "municipality"


def test_the_database_refuses_an_organisation_twice_in_one_question(region, mapper) -> None:
    organisation = organisation_in(region)
    question = write(region, forms={organisation: ParticipationForm.INFORM}, actor=mapper)
    with refused_by("engagement_once_per_question"):
        Engagement.objects.create(question=question, organisation=organisation, form=ParticipationForm.ADVISE)


def test_the_database_refuses_an_unknown_form(region, mapper) -> None:
    question = write(region, actor=mapper)
    with refused_by("engagement_of_a_known_form"):
        Engagement.objects.create(question=question, organisation=organisation_in(region), form="shout")


def test_only_who_is_active_in_the_region_is_involved(region, mapper) -> None:
    elsewhere = organisation_in(RegionFactory.create())
    with pytest.raises(RuleViolation, match="actief"):
        write(region, forms={elsewhere: ParticipationForm.ADVISE}, actor=mapper)
