"""A public question of the region becomes a goal in a section, in one click, and can be taken out again (rules 12, 22, 26 and 32)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import save_section
from applications.domain.goals import leave_goal, take_goal
from applications.models import ApplicationSection, SectionGoal
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from mapping.models import ParticipationQuestion
from regions.models import Region
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.regions import RegionFactory
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
KEY = "opgave"
TITLE = "Wie helpt mantelzorgers? (fictief)"


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=0)
    case.call.sections.filter(key=KEY).update(offers_questions=True)
    log_in(client, case.applicant)
    return case


def asked_in(region: Region, title: str = TITLE, **values: Any) -> ParticipationQuestion:
    return ParticipationQuestion.objects.create(
        **{"region": region, "title": title, "is_public": True, "created_at": AT, **values}
    )


def taken(
    case: "scenarios.Case", question: ParticipationQuestion, text: str, seen: int
) -> ApplicationSection:
    return take_goal(
        reference=case.reference,
        key=KEY,
        question_id=question.pk,
        text=text,
        seen_version=seen,
        actor=case.applicant,
        at=AT,
    )


def left(case: "scenarios.Case", question: ParticipationQuestion, text: str, seen: int) -> ApplicationSection:
    return leave_goal(
        reference=case.reference,
        key=KEY,
        question_id=question.pk,
        text=text,
        seen_version=seen,
        actor=case.applicant,
        at=AT,
    )


def saved(case: "scenarios.Case", text: str, seen: int) -> ApplicationSection:
    return save_section(
        reference=case.reference, key=KEY, text=text, seen_version=seen, actor=case.applicant, at=AT
    )


def offered(client: Client, case: "scenarios.Case") -> tuple[list[str], list[str]]:
    """Return which questions the page of the section has taken up, and which it offers."""
    context = client.get(reverse("applications:section", args=[case.reference, KEY])).context
    return [each.goal_text for each in context["goals"]], [each.title for each in context["offered"]]


def test_only_public_open_questions_of_the_region_are_offered(client: Client, case: "scenarios.Case") -> None:
    region = case.coalition.region
    asked_in(region)
    asked_in(region, "Niet openbaar", is_public=False)
    asked_in(region, "Gesloten", state="closed")
    asked_in(region, "Voorbij", until_on=local_date(AT) - timedelta(days=400))
    asked_in(RegionFactory.create(), "Elders")
    assert offered(client, case) == ([], [TITLE])


def test_a_section_that_takes_no_questions_offers_none_and_answers_404(
    client: Client, case: "scenarios.Case"
) -> None:
    question = asked_in(case.coalition.region)
    case.call.sections.update(offers_questions=False)
    page = client.get(reverse("applications:section", args=[case.reference, KEY]))
    assert TITLE not in page.content.decode()
    address = reverse("applications:take_goal", args=[case.reference, KEY, question.pk])
    assert client.post(address, {"text": "x", "seen_version": 0}).status_code == 404


def test_one_click_saves_what_was_typed_with_the_question_below_it_and_twice_adds_it_once(
    client: Client, case: "scenarios.Case"
) -> None:
    question = asked_in(case.coalition.region)
    address = reverse("applications:take_goal", args=[case.reference, KEY, question.pk])
    done = client.post(address, {"text": "Wij beginnen.", "seen_version": 0})
    assert done["Location"] == reverse("applications:section", args=[case.reference, KEY])
    section = ApplicationSection.objects.get()
    assert (section.text, section.version) == (f"Wij beginnen.\n\n{TITLE}", 1)
    assert SectionGoal.objects.get().question == question
    assert taken(case, question, section.text, 1).text == section.text
    assert offered(client, case) == ([TITLE], [])


def test_in_an_empty_section_the_question_stands_alone(case: "scenarios.Case") -> None:
    assert taken(case, asked_in(case.coalition.region), " ", 0).text == TITLE


def test_a_newer_version_is_never_overwritten_and_both_texts_are_shown(
    client: Client, case: "scenarios.Case"
) -> None:
    question = asked_in(case.coalition.region)
    saved(case, "Van een collega.", 0)
    with pytest.raises(NewerVersion):
        taken(case, question, "Van mij.", 0)
    for name in ("take_goal", "leave_goal"):
        address = reverse(f"applications:{name}", args=[case.reference, KEY, question.pk])
        beside = client.post(address, {"text": "Van mij.", "seen_version": 0})
        assert beside.status_code == 409
        assert beside.context["newer"].kept.content == {"text": "Van een collega."}
        assert beside.context["form"]["text"].value() == "Van mij."
        # Whatever is chosen there is saved as a text, and puts in nothing.
        assert f'action="{reverse("applications:section", args=[case.reference, KEY])}"' in (
            beside.content.decode()
        )
        assert client.get(address)["Location"] == reverse("applications:section", args=[case.reference, KEY])
    assert not SectionGoal.objects.exists()


def test_a_question_that_is_no_longer_public_is_refused_and_what_was_typed_stays(
    client: Client, case: "scenarios.Case"
) -> None:
    question = asked_in(case.coalition.region, is_public=False)
    address = reverse("applications:take_goal", args=[case.reference, KEY, question.pk])
    refused = client.post(address, {"text": "Net getypt", "seen_version": 0})
    assert refused.status_code == 422
    assert "Net getypt" in refused.content.decode()
    assert TITLE not in refused.content.decode()


def test_taking_it_out_leaves_everything_else_and_twice_changes_nothing(case: "scenarios.Case") -> None:
    question = asked_in(case.coalition.region)
    taken(case, question, "Voor.", 0)
    done = left(case, question, f"Voor.\n\n{TITLE}\n\nNa.", 1)
    assert (done.text, done.version) == ("Voor.\n\nNa.", 2)
    assert not SectionGoal.objects.exists()
    assert left(case, question, "Voor.\n\nNa.", 2).version == 2


def test_what_was_changed_of_its_text_stays_when_it_is_taken_out(case: "scenarios.Case") -> None:
    question = asked_in(case.coalition.region)
    taken(case, question, "", 0)
    assert left(case, question, f"{TITLE} En wij!", 1).text == f"{TITLE} En wij!"
    assert not SectionGoal.objects.exists()


def test_a_question_no_longer_public_tells_no_more_than_what_was_taken(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 26."""
    question = asked_in(case.coalition.region, theme="youth")
    taken(case, question, "", 0)
    ParticipationQuestion.objects.update(is_public=False, title="Anders genoemd")
    page = client.get(reverse("applications:section", args=[case.reference, KEY])).content.decode()
    assert TITLE in page
    assert "Anders genoemd" not in page


def test_nobody_else_takes_a_goal(client: Client, case: "scenarios.Case") -> None:
    partner = scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
    address = reverse(
        "applications:take_goal", args=[case.reference, KEY, asked_in(case.coalition.region).pk]
    )
    for user in (speaker_for(partner.organisation), person()):
        log_in(client, user)
        assert client.post(address, {"text": "x", "seen_version": 0}).status_code == 404
    assert not SectionGoal.objects.exists()


def test_a_question_is_a_goal_of_a_section_once(case: "scenarios.Case") -> None:
    question = asked_in(case.coalition.region)
    taken(case, question, "", 0)
    goal = SectionGoal.objects.get()
    with refused_by("section_goal_once_per_question"):
        SectionGoal.objects.create(
            application=goal.application,
            spec=goal.spec,
            question=question,
            text=TITLE,
            taken_at=AT,
            taken_by=case.applicant,
        )


def test_a_text_that_becomes_far_too_long_is_refused(case: "scenarios.Case") -> None:
    question = asked_in(case.coalition.region)
    most = 4 * case.call.sections.get(key=KEY).max_characters
    with pytest.raises(RuleViolation):
        taken(case, question, "x" * most, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_questions(
    client: Client, case: "scenarios.Case", django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        asked_in(case.coalition.region, f"Vraag {number}")
        section = ApplicationSection.objects.first()
        taken(
            case,
            asked_in(case.coalition.region, f"Doel {number}"),
            section.text if section else "",
            section.version if section else 0,
        )
    address = reverse("applications:section", args=[case.reference, KEY])
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
