"""Participation questions of a region (rule 22)."""

from datetime import date

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.domain.questions import QuestionFacts, more_of, save_question
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


def involved(question: ParticipationQuestion) -> set[tuple[int, str]]:
    return set(question.engagements.values_list("organisation", "form"))


@pytest.fixture
def region() -> Region:
    return RegionFactory.create()


@pytest.fixture
def mapper(region: Region):
    return KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER), region=region).user


def test_a_question_names_who_is_involved_and_how(region, mapper) -> None:
    one, other = organisation_in(region), organisation_in(region)
    forms = {one: ["inform", "advise"], other: [ParticipationForm.COPRODUCE]}
    question = write(region, forms=forms, actor=mapper)
    assert involved(question) == {(one.pk, "inform"), (one.pk, "advise"), (other.pk, "coproduce")}


def test_writing_it_again_replaces_who_is_involved(region, mapper) -> None:
    one, other = organisation_in(region), organisation_in(region)
    question = write(region, forms={one: [ParticipationForm.INFORM]}, actor=mapper)
    again = write(
        region,
        title="Anders",
        forms={other: [ParticipationForm.DECIDE]},
        actor=mapper,
        question_id=question.pk,
    )
    assert (again.pk, again.title, again.created_at) == (question.pk, "Anders", AT)
    assert [each.organisation for each in question.engagements.all()] == [other]


def test_writing_it_again_keeps_the_rows_of_who_stays(region, mapper) -> None:
    one, other, new = (organisation_in(region) for _each in range(3))
    question = write(region, forms={one: ["inform"], other: ["advise"]}, actor=mapper)
    row = question.engagements.get(organisation=one)
    again = {one: ["inform"], other: ["decide"], new: ["advise"]}
    write(region, title="Anders", forms=again, actor=mapper, question_id=question.pk)
    assert involved(question) == {(one.pk, "inform"), (other.pk, "decide"), (new.pk, "advise")}
    assert question.engagements.get(organisation=one) == row


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


def test_the_database_refuses_an_organisation_twice_in_one_form(region, mapper) -> None:
    organisation = organisation_in(region)
    question = write(region, forms={organisation: [ParticipationForm.INFORM]}, actor=mapper)
    with refused_by("engagement_once_per_form"):
        Engagement.objects.create(question=question, organisation=organisation, form=ParticipationForm.INFORM)


def test_the_database_refuses_a_form_that_ends_before_it_began(region, mapper) -> None:
    question, organisation = write(region, actor=mapper), organisation_in(region)
    days = {"since_on": date(2024, 5, 2), "until_on": date(2024, 5, 1)}
    with refused_by("engagement_ends_no_earlier"):
        Engagement.objects.create(question=question, organisation=organisation, form="inform", **days)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("question_of_a_known_theme", {"theme": "weather"}),
        ("question_of_known_plans", {"plans": ["iza", "weather"]}),
        ("question_in_a_known_phase", {"phase": "weather"}),
        ("question_of_known_less_heard", {"less_heard": ["weather"]}),
        ("question_in_a_known_state", {"state": "weather"}),
    ],
)
def test_the_database_knows_the_words_of_a_question(region, name, values) -> None:
    with refused_by(name):
        ParticipationQuestion.objects.create(region=region, title="Vraag", created_at=AT, **values)


def test_what_is_known_of_a_question_is_kept_and_making_it_public_is_recorded(region, mapper) -> None:
    more = QuestionFacts(
        "youth",
        ["iza", "gala"],
        "plan",
        "De gemeente",
        "ouders",
        ["young"],
        date(2024, 9, 1),
        "open",
        True,
        "Bel.",
    )
    question = write(region, more=more, actor=mapper)
    assert more_of(ParticipationQuestion.objects.get()) == more
    write(region, more=more, actor=mapper, question_id=question.pk)
    write(region, more=QuestionFacts("youth"), actor=mapper, question_id=question.pk)
    assert list(AuditEvent.objects.order_by("pk").values_list("act", flat=True)) == [
        "mapping.question_written",
        "mapping.question_shown",
        "mapping.question_written",
        "mapping.question_hidden",
    ]


def test_a_form_of_which_something_was_written_down_does_not_go_with_an_emptied_row(region, mapper) -> None:
    organisation = organisation_in(region)
    question = write(region, forms={organisation: ["advise"]}, actor=mapper)
    question.engagements.update(how_it_went="Goed")
    with pytest.raises(RuleViolation, match="matrix"):
        write(region, actor=mapper, question_id=question.pk)
    assert involved(question) == {(organisation.pk, "advise")}


def test_the_database_refuses_an_unknown_form(region, mapper) -> None:
    question = write(region, actor=mapper)
    with refused_by("engagement_of_a_known_form"):
        Engagement.objects.create(question=question, organisation=organisation_in(region), form="shout")


def test_only_who_is_active_in_the_region_is_involved(region, mapper) -> None:
    elsewhere = organisation_in(RegionFactory.create())
    with pytest.raises(RuleViolation, match="actief"):
        write(region, forms={elsewhere: [ParticipationForm.ADVISE]}, actor=mapper)
