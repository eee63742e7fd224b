"""In which questions people take part: only who agreed, for kwartiermakers of the region alone, and gone with them (rule 23)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from mapping.domain.involvement import Part, parts_of
from mapping.domain.questions import save_question
from mapping.models import ParticipationQuestion
from people.domain.engagements import write_person_engagement
from people.domain.erasing import erase_person
from people.enums import ErasureReason, LinkUse
from people.models import MappedPerson, PersonEngagement
from people.queries import engagements_of
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.people import agreed_person, kwartiermaker_in, secret_for, waiting_person
from tests.factories.regions import RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db

WHOLE = Part(date(2024, 4, 1), date(2024, 7, 1), "Vertelde over de bus")


@pytest.fixture
def question(region, kwartiermaker) -> ParticipationQuestion:
    return asked(region, kwartiermaker)


def asked(region, actor, title: str = "Hoe rijdt de bus?") -> ParticipationQuestion:
    return save_question(
        region=region, title=title, description="", municipality=None, forms={}, actor=actor, at=AT
    )


def engage(somebody: MappedPerson, question, actor, parts, *, seen: int | None = None) -> MappedPerson:
    somebody.refresh_from_db()
    return write_person_engagement(
        person_id=somebody.pk,
        question_id=question.pk,
        parts=parts,
        seen_version=somebody.version if seen is None else seen,
        actor=actor,
        at=AT,
    )


def kept(somebody: MappedPerson) -> dict[str, Part]:
    return parts_of(engagements_of(somebody))


def address(name: str, region, *args: Any) -> str:
    return reverse(f"people:{name}", args=[region.slug, *args])


class TestWriting:
    def test_is_written_down_by_number_alone_and_once(self, region, kwartiermaker, question) -> None:
        somebody = agreed_person(region, kwartiermaker)
        parts = {"advise": WHOLE, "inform": Part()}
        for seen in (somebody.version, 0):
            engage(somebody, question, kwartiermaker, parts, seen=seen)
        assert kept(somebody) == parts
        event = AuditEvent.objects.get(act="people.engaged")
        assert (event.subject_id, event.facts) == (somebody.pk, {})

    def test_nobody_takes_part_before_they_agreed(self, region, kwartiermaker, question) -> None:
        somebody = waiting_person(region, kwartiermaker)
        with pytest.raises(RuleViolation, match="toestemming"):
            engage(somebody, question, kwartiermaker, {"advise": WHOLE})
        assert kept(somebody) == {}

    def test_only_their_kwartiermaker_writes_and_only_of_their_region(
        self, region, kwartiermaker, question
    ) -> None:
        elsewhere = RegionFactory.create()
        stranger, somebody = kwartiermaker_in(elsewhere), agreed_person(region, kwartiermaker)
        with pytest.raises(NotAllowed):
            engage(somebody, question, stranger, {"advise": WHOLE})
        theirs = asked(elsewhere, stranger)
        with pytest.raises(ParticipationQuestion.DoesNotExist):
            engage(somebody, theirs, kwartiermaker, {"advise": WHOLE})
        assert kept(somebody) == {}

    def test_a_newer_version_is_never_overwritten(self, region, kwartiermaker, question) -> None:
        somebody = agreed_person(region, kwartiermaker)
        seen = somebody.version
        engage(somebody, question, kwartiermaker, {"advise": WHOLE})
        with pytest.raises(NewerVersion):
            engage(somebody, question, kwartiermaker, {}, seen=seen)
        assert kept(somebody) == {"advise": WHOLE}


def test_goes_with_the_person_and_is_found_nowhere_after(
    client: Client, region, kwartiermaker, question, present
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    engage(somebody, question, kwartiermaker, {"advise": WHOLE})
    erase_person(person_id=somebody.pk, reason=ErasureReason.ASKED, actor=kwartiermaker, at=AT)
    assert not PersonEngagement.objects.exists()
    log_in(client, kwartiermaker)
    cell = address("engagement", region, question.pk, somebody.pk)
    assert (client.get(cell).status_code, client.post(cell).status_code) == (404, 404)
    assert somebody.name not in page_text(client.get(address("matrix", region)))
    with pytest.raises(RuleViolation):
        engage_erased(somebody, question, kwartiermaker)


def engage_erased(somebody: MappedPerson, question, actor) -> None:
    write_person_engagement(
        person_id=somebody.pk,
        question_id=question.pk,
        parts={"inform": Part()},
        seen_version=somebody.version,
        actor=actor,
        at=AT,
    )


def test_people_read_themselves_in_what_they_take_part(
    client: Client, region, kwartiermaker, question, present
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    engage(somebody, question, kwartiermaker, {"advise": WHOLE})
    text = page_text(client.get(reverse("people:kept", args=[secret_for(somebody, LinkUse.LASTING)])))
    assert "Hoe rijdt de bus?: adviseren, sinds 1 april 2024, tot en met 1 juli 2024" in text
    assert "Vertelde over de bus" in text


class TestMatrix:
    def test_has_who_agreed_and_nobody_else(
        self, client: Client, region, kwartiermaker, question, present
    ) -> None:
        log_in(client, kwartiermaker)
        assert address("add_person", region) in client.get(address("matrix", region)).content.decode()
        somebody = agreed_person(region, kwartiermaker)
        waiting = waiting_person(
            region, kwartiermaker, email="ander@burger.example", name="Nog niet (fictief)"
        )
        engage(somebody, question, kwartiermaker, {"decide": Part()})
        response = client.get(address("matrix", region))
        assert [head.party.key for head in response.context["heads"]] == [str(somebody.pk)]
        assert response.context["sums"] == (1, 0, 1, 0)
        assert waiting.name not in page_text(response)
        assert client.get(address("engagement", region, question.pk, waiting.pk)).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_takes_the_same_queries_however_many_rows_and_columns(  # noqa: PLR0917 -- fixtures
        self, client: Client, region, kwartiermaker, present, number, django_assert_num_queries
    ) -> None:
        log_in(client, kwartiermaker)
        for each in range(number):
            somebody = agreed_person(region, kwartiermaker, email=f"mens{each}@burger.example")
            engage(somebody, asked(region, kwartiermaker, f"Vraag {each}"), kwartiermaker, {"inform": Part()})
        with django_assert_num_queries(7):
            client.get(address("matrix", region))


class TestCell:
    def test_is_saved_and_leads_back(self, client: Client, region, kwartiermaker, question, present) -> None:
        log_in(client, kwartiermaker)
        somebody = agreed_person(region, kwartiermaker)
        cell = address("engagement", region, question.pk, somebody.pk)
        typed = {"seen_version": somebody.version, "consult": "on", "consult_how_it_went": "Vond het fijn"}
        response = client.post(cell, typed)
        assert response["Location"] == address("matrix", region) + f"#cel-{question.pk}-{somebody.pk}"
        assert kept(somebody) == {"consult": Part(how_it_went="Vond het fijn")}
        assert "Vond het fijn" in page_text(client.get(address("person", region, somebody.pk)))
        assert "Hoe rijdt de bus?" in page_text(client.get(address("erase", region, somebody.pk)))

    def test_says_where_a_word_tells_of_health_and_keeps_it(
        self, client: Client, region, kwartiermaker, question, present
    ) -> None:
        log_in(client, kwartiermaker)
        somebody = agreed_person(region, kwartiermaker)
        engage(somebody, question, kwartiermaker, {"consult": Part(how_it_went="Heeft diabetes")})
        text = page_text(client.get(address("engagement", region, question.pk, somebody.pk)))
        assert "diabetes." in text
