"""How organisations are involved in questions: in several forms, each with since, until and how it went; and the matrix (rule 22)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from mapping.domain.engagements import write_engagement
from mapping.domain.involvement import Part, joined, part_of, parts_of
from mapping.domain.merging import merge_organisations
from mapping.domain.questions import QuestionFacts, save_question
from mapping.domain.removing import remove_from_map
from mapping.domain.unmerging import undo_merge
from mapping.models import Engagement, ParticipationQuestion
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, pending_for
from tests.factories.regions import RegionFactory
from tests.pages import at_moment, page_text
from tests.racing import held_open

pytestmark = pytest.mark.django_db

SPRING, SUMMER = date(2024, 4, 1), date(2024, 7, 1)
WHOLE = Part(SPRING, SUMMER, "Ging goed")


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    log_in(client, user)
    return user


def asked(region: Region, actor: User, title: str = "Wie vraagt wat?", **more: Any) -> ParticipationQuestion:
    return save_question(
        region=region,
        title=title,
        description="",
        municipality=None,
        forms={},
        more=QuestionFacts(**more),
        actor=actor,
        at=AT,
    )


def involve(
    question: ParticipationQuestion,
    organisation: Organisation,
    actor: User,
    parts: dict[str, Part],
    *,
    seen: int | None = None,
    region: Region | None = None,
) -> ParticipationQuestion:
    question.refresh_from_db()
    return write_engagement(
        question_id=question.pk,
        organisation_id=organisation.pk,
        region=region or question.region,
        parts=parts,
        seen_version=question.version if seen is None else seen,
        actor=actor,
        at=AT,
    )


def kept(question: ParticipationQuestion, organisation: Organisation) -> dict[str, Part]:
    return parts_of(Engagement.objects.filter(question=question, organisation=organisation))


def address(name: str, region: Region, *args: Any) -> str:
    return reverse(f"mapping:{name}", args=[region.slug, *args])


class TestWriting:
    def test_an_organisation_has_several_forms_each_with_its_days_and_story(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        parts = {"advise": WHOLE, "decide": Part(SUMMER)}
        saved = involve(question, organisation, mapper, parts)
        assert (kept(question, organisation), saved.version, saved.changed_by) == (parts, 2, mapper)
        event = AuditEvent.objects.latest("pk")
        assert (event.act, event.subject_id, event.facts) == (
            "mapping.engagement_written",
            question.pk,
            {"organisation": organisation.pk, "region": region.pk},
        )

    def test_writing_it_again_changes_nothing_whatever_version_was_seen(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        involve(question, organisation, mapper, {"advise": WHOLE})
        number = AuditEvent.objects.count()
        assert involve(question, organisation, mapper, {"advise": WHOLE}, seen=0).version == 2
        assert AuditEvent.objects.count() == number

    def test_what_stays_is_the_same_row_and_what_is_not_named_goes(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        involve(question, organisation, mapper, {"advise": WHOLE, "inform": Part()})
        row = question.engagements.get(form="advise")
        involve(question, organisation, mapper, {"advise": Part(SPRING)})
        assert (question.engagements.get(), kept(question, organisation)) == (row, {"advise": Part(SPRING)})
        involve(question, organisation, mapper, {})
        assert kept(question, organisation) == {}

    def test_a_newer_version_is_never_overwritten(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        involve(question, organisation, mapper, {"advise": WHOLE})
        with pytest.raises(NewerVersion):
            involve(question, organisation, mapper, {"inform": Part()}, seen=1)
        assert kept(question, organisation) == {"advise": WHOLE}

    def test_a_form_does_not_end_before_it_began(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        with pytest.raises(RuleViolation) as refusal:
            involve(question, organisation, mapper, {"advise": Part(SUMMER, SPRING)})
        assert refusal.value.field == "advise_until_on"

    def test_only_in_the_own_region_and_of_its_map(self, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        stranger = person(Role.KWARTIERMAKER)
        elsewhere = KwartiermakerAssignmentFactory.create(user=stranger).region
        with pytest.raises(NotAllowed):
            involve(question, organisation, stranger, {"advise": WHOLE})
        with pytest.raises(ParticipationQuestion.DoesNotExist):
            involve(question, organisation, stranger, {"advise": WHOLE}, region=elsewhere)
        with pytest.raises(RuleViolation, match="kaart"):
            involve(question, organisation_in(elsewhere), mapper, {"advise": WHOLE})
        assert not Engagement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_an_organisation_holds_no_question_meanwhile() -> None:
    mapper, region = person(Role.KWARTIERMAKER), RegionFactory.create()
    KwartiermakerAssignmentFactory.create(user=mapper, region=region)
    question, organisation = asked(region, mapper), organisation_in(region)
    rows = ParticipationQuestion.objects.select_for_update(nowait=True).filter(pk=question.pk)

    def held() -> None:
        list(Organisation.objects.select_for_update().filter(pk=organisation.pk))

    with held_open(held) as meanwhile:
        writing = meanwhile(lambda: involve(question, organisation, mapper, {"advise": WHOLE}))
        assert writing.waits()
        with transaction.atomic():
            # As saving the whole question, merging and taking off the map do: the other way round ends in a deadlock.
            assert list(rows) == [question]
    writing.result()
    assert kept(question, organisation) == {"advise": WHOLE}


@pytest.mark.django_db(transaction=True)
def test_undoing_a_merge_waits_for_a_question_before_it_takes_who_is_involved() -> None:
    mapper, region = person(Role.KWARTIERMAKER), RegionFactory.create()
    KwartiermakerAssignmentFactory.create(user=mapper, region=region)
    question, one, other = asked(region, mapper), organisation_in(region), organisation_in(region)
    involve(question, one, mapper, {"advise": WHOLE})
    involve(question, other, mapper, {"inform": WHOLE})
    merge = merge_organisations(
        one_id=one.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=AT
    )

    def held() -> None:
        list(ParticipationQuestion.objects.select_for_update().filter(pk=question.pk))

    with held_open(held) as meanwhile:
        undoing = meanwhile(lambda: undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=AT))
        assert undoing.waits()
        with transaction.atomic():
            # As everybody does who saves a question: the other way round ends in a deadlock.
            free = Engagement.objects.select_for_update(nowait=True).filter(question=question)
            assert len(list(free)) == 2
    undoing.result()
    assert (set(kept(question, one)), set(kept(question, other))) == ({"advise"}, {"inform"})


class TestMerging:
    @pytest.mark.parametrize(
        ("one", "other", "both"),
        [
            (Part(), Part(), Part()),
            (Part(), WHOLE, WHOLE),
            (Part(SUMMER), Part(SPRING, SUMMER), Part(SPRING)),
            (Part(None, SPRING, "Een"), Part(SPRING, SUMMER, "Twee"), Part(SPRING, SUMMER, "Een\n\nTwee")),
            (WHOLE, WHOLE, WHOLE),
        ],
    )
    def test_two_of_one_form_become_one_from_the_first_day_until_the_last(self, one, other, both) -> None:
        assert joined(one, other) == both

    def test_both_forms_are_kept_and_undoing_gives_each_its_own_back(self, region, mapper) -> None:
        question, one, other = asked(region, mapper), organisation_in(region), organisation_in(region)
        first, second = {"advise": WHOLE, "inform": Part()}, {"advise": Part(SUMMER), "decide": Part(SPRING)}
        involve(question, one, mapper, first)
        involve(question, other, mapper, second)
        merge = merge_organisations(
            one_id=one.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=AT
        )
        assert kept(question, merge.kept) == {
            "advise": Part(SPRING, None, "Ging goed"),
            "inform": Part(),
            "decide": Part(SPRING),
        }
        undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=AT)
        assert (kept(question, one), kept(question, other)) == (first, second)

    def test_what_was_changed_since_stays_when_it_is_undone(self, region, mapper) -> None:
        question, one, other = asked(region, mapper), organisation_in(region), organisation_in(region)
        for each in (one, other):
            involve(question, each, mapper, {"advise": Part(SUMMER if each == one else SPRING)})
        merge = merge_organisations(
            one_id=one.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=AT
        )
        involve(question, merge.kept, mapper, {"advise": WHOLE})
        undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=AT)
        assert kept(question, merge.kept) == {"advise": WHOLE}
        assert [part_of(each) for each in Engagement.objects.filter(organisation=merge.gone)] != [WHOLE]


class TestMatrix:
    def test_says_who_is_never_asked_where_nobody_speaks_and_counts(self, client, region, mapper) -> None:
        one, other = organisation_in(region, name="Wijkraad"), organisation_in(region, name="Nooit gebeld")
        spoken, _silent = asked(region, mapper, "Over wonen"), asked(region, mapper, "Over de bus")
        ended = Part(SPRING, AT.date() - timedelta(days=1))
        involve(spoken, one, mapper, {"consult": ended, "decide": Part(SPRING)})
        response = client.get(address("matrix", region))
        text = page_text(response)
        assert "2 vraagstukken. Over 1 daarvan praat niemand mee" in text
        assert "2 organisaties. 1 daarvan wordt nooit gevraagd." in text
        shown = {
            (row.question.title, column.party.name): [(mark.letter, mark.is_over) for mark in cell.marks]
            for row in response.context["rows"]
            for column, cell in zip(response.context["heads"], row.cells, strict=True)
        }
        assert shown == {
            ("Over de bus", "Nooit gebeld"): [],
            ("Over de bus", "Wijkraad"): [],
            ("Over wonen", "Nooit gebeld"): [],
            ("Over wonen", "Wijkraad"): [("R", True), ("M", False)],
        }
        assert [row.number for row in response.context["rows"]] == [0, 1]
        assert [(head.party.key, head.number) for head in response.context["heads"]] == [
            (str(other.map_key), 0),
            (str(one.map_key), 1),
        ]
        assert "raadplegen (beëindigd), meebeslissen" in text
        # In the sums and once in the table; and once in the table.
        assert (text.count("nooit gevraagd"), text.count("niemand praat mee")) == (2, 1)

    def test_what_has_ended_speaks_no_more_but_was_asked(self, client, region, mapper) -> None:
        organisation, today = organisation_in(region, name="Wijkraad"), AT.date()
        ends_today, ended = asked(region, mapper, "Tot vandaag"), asked(region, mapper, "Tot gisteren")
        involve(ends_today, organisation, mapper, {"consult": Part(SPRING, today)})
        involve(ended, organisation, mapper, {"consult": Part(SPRING, today - timedelta(days=1))})
        with at_moment(AT):
            context = client.get(address("matrix", region)).context
            silent = client.get(address("matrix", region), {"leeg": "rijen"}).context["rows"]
        assert [(row.question.title, row.number) for row in context["rows"]] == [
            ("Tot gisteren", 0),
            ("Tot vandaag", 1),
        ]
        assert [(head.number, head.is_never_asked) for head in context["heads"]] == [(1, False)]
        assert tuple(context["sums"]) == (2, 1, 1, 0)
        assert [row.question for row in silent] == [ended]

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", (["Bus", "Wonen"], ["Buurt", "Wijk"])),
            ("?thema=living", (["Wonen"], ["Buurt", "Wijk"])),
            ("?plan=gala", (["Bus"], ["Buurt", "Wijk"])),
            ("?stand=closed", (["Bus"], ["Buurt", "Wijk"])),
            ("?leeg=rijen", (["Bus"], ["Buurt", "Wijk"])),
            ("?leeg=kolommen", (["Bus", "Wonen"], ["Buurt"])),
            ("?thema=weather&leeg=x&page=z&kolommen=z&stand=%00", (["Bus", "Wonen"], ["Buurt", "Wijk"])),
            ("?zoek=wij", (["Bus", "Wonen"], ["Wijk"])),
        ],
    )
    def test_is_filtered_by_its_address(self, client, region, mapper, query, shown) -> None:
        wijk = organisation_in(region, name="Wijk")
        organisation_in(region, name="Buurt")
        asked(region, mapper, "Bus", plans=["iza", "gala"], state="closed")
        involve(asked(region, mapper, "Wonen", theme="living"), wijk, mapper, {"inform": Part()})
        context = client.get(address("matrix", region) + query).context
        titles = [row.question.title for row in context["rows"]]
        assert (titles, [head.party.name for head in context["heads"]]) == shown

    def test_of_one_shows_one_column(self, client, region, mapper) -> None:
        one, _other = organisation_in(region), organisation_in(region)
        asked(region, mapper)
        context = client.get(address("matrix", region) + f"?wie={one.map_key}").context
        assert [head.party.key for head in context["heads"]] == [str(one.map_key)]

    def test_many_columns_and_rows_come_a_page_at_a_time_and_are_counted_whole(
        self, client, region, mapper
    ) -> None:
        organisations = [organisation_in(region, name=f"Groep {number:02}") for number in range(22)]
        questions = [asked(region, mapper, f"Vraag {number:02}") for number in range(27)]
        Engagement.objects.bulk_create(
            Engagement(question=questions[-1], organisation=each, form="inform") for each in organisations
        )
        context = client.get(address("matrix", region) + "?page=2&kolommen=2").context
        assert [head.party.name for head in context["heads"]] == ["Groep 20", "Groep 21"]
        assert [(row.question.title, row.number) for row in context["rows"]] == [
            ("Vraag 25", 0),
            ("Vraag 26", 22),
        ]
        assert context["sums"] == (27, 26, 22, 0)

    def test_who_went_off_the_map_is_neither_shown_nor_counted(self, client, region, mapper) -> None:
        one = organisation_in(region)
        organisation_in(region)
        involve(asked(region, mapper), one, mapper, {"inform": Part()})
        remove_from_map(organisation_id=one.pk, region=region, actor=mapper, at=AT)
        elsewhere = organisation_in(RegionFactory.create())
        Engagement.objects.create(
            question=ParticipationQuestion.objects.get(), organisation=elsewhere, form="inform"
        )
        assert client.get(address("matrix", region)).context["sums"] == (1, 1, 1, 1)

    def test_a_region_without_anything_says_what_comes_first(self, client, region, mapper) -> None:
        empty = client.get(address("matrix", region))
        assert address("add_question", region) in empty.content.decode()
        asked(region, mapper)
        assert address("add_organisation", region) in client.get(address("matrix", region)).content.decode()
        assert "Niets past bij deze keuze" in page_text(
            client.get(address("matrix", region) + "?thema=youth")
        )

    @pytest.mark.parametrize("number", [1, 3])
    def test_takes_the_same_queries_however_many_rows_and_columns(
        self,
        client: Client,
        region: Region,
        mapper: User,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        organisations = [organisation_in(region) for _each in range(number)]
        for each in range(number):
            question = asked(region, mapper, f"Vraag {each}")
            for organisation in organisations:
                involve(question, organisation, mapper, {"inform": Part()})
        with django_assert_num_queries(7):
            client.get(address("matrix", region))


def typed(seen: int = 1, **changes: str) -> dict[str, Any]:
    return {"seen_version": seen, **changes}


class TestCell:
    def test_is_changed_and_leads_back_to_its_place_in_the_matrix(self, client, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        page = address("engagement", region, question.pk, organisation.map_key)
        back = address("matrix", region) + "?thema=youth"
        assert client.get(page, {"next": back}).status_code == 200
        values = {"advise": "on", "advise_since_on": "2024-04-01", "advise_how_it_went": "Ging goed"}
        response = client.post(page, {**typed(**values), "next": back})
        assert response["Location"] == f"{back}#cel-{question.pk}-{organisation.map_key}"
        assert kept(question, organisation) == {"advise": Part(SPRING, None, "Ging goed")}
        again = client.post(page, {**typed(**values), "next": "https://elders.example/"})
        assert again["Location"] == address("matrix", region) + f"#cel-{question.pk}-{organisation.map_key}"

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"advise_how_it_went": "Ging goed"}, "Kies deze vorm van participatie"),
            (
                {"advise": "on", "advise_since_on": "2024-07-01", "advise_until_on": "2024-04-01"},
                "Adviseren: deze dag ligt vóór",
            ),
            ({"advise": "on", "advise_since_on": "morgen"}, "Vul een dag in"),
            ({"advise": "on", "advise_how_it_went": "x" * 1001}, "1001"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, client, region, mapper, values, sentence
    ) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        response = client.post(
            address("engagement", region, question.pk, organisation.map_key), typed(**values)
        )
        content = response.content.decode()
        assert (response.status_code, sentence in page_text(response)) == (422, True)
        assert all(each in content for each in values.values() if each != "on")
        assert not Engagement.objects.exists()

    def test_meets_a_newer_version_beside_what_was_typed(self, client, region, mapper) -> None:
        question, organisation = asked(region, mapper), organisation_in(region)
        involve(question, organisation, mapper, {"advise": WHOLE})
        page = address("engagement", region, question.pk, organisation.map_key)
        response = client.post(page, typed(inform="on"))
        assert response.status_code == 409
        assert "Adviseren: Hoe ging het?" in page_text(response)
        assert kept(question, organisation) == {"advise": WHOLE}
        client.post(page, {**typed(inform="on"), "over_version": "2"})
        assert kept(question, organisation) == {"inform": Part()}

    @pytest.mark.parametrize("role", [None, Role.OFFICER, Role.KWARTIERMAKER])
    def test_is_there_for_nobody_else_not_even_who_says_to_speak_for_it(
        self, client, region, mapper, role
    ) -> None:
        question, organisation = asked(region, mapper, is_public=True), organisation_in(region)
        pages = [
            address("matrix", region),
            address("engagement", region, question.pk, organisation.map_key),
            reverse("people:matrix", args=[region.slug]),
        ]
        client.logout()
        assert [client.get(each).status_code for each in pages] == [302, 302, 302]
        log_in(client, person(role) if role else pending_for(organisation), second_factor=bool(role))
        assert [client.get(each).status_code for each in pages] == [404, 404, 404]

    def test_of_another_region_is_not_there(self, client, region, mapper) -> None:
        elsewhere = RegionFactory.create()
        other = person(Role.KWARTIERMAKER)
        KwartiermakerAssignmentFactory.create(user=other, region=elsewhere)
        theirs, mine = asked(elsewhere, other), asked(region, mapper)
        here, there = organisation_in(region), organisation_in(elsewhere)
        for question, organisation in ((theirs, here), (theirs, there), (mine, there)):
            page = address("engagement", region, question.pk, organisation.map_key)
            assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
        assert client.get(address("matrix", elsewhere)).status_code == 404
