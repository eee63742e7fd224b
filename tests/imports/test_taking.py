"""An import comes on the map whole or not at all, and is undone whole but for what somebody worked on since."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from imports.domain.importing import Answer, check_again, decide, decide_all, set_columns
from imports.domain.judging import check_rows
from imports.domain.taking import MapWentOn, ask_to_take, take_import
from imports.domain.undoing import undo_import
from imports.enums import Choice, Fate, ImportState
from imports.forms.rows import RowReader
from imports.models import ImportRow, MapImport
from imports.tasks import check_rows_task, take_task
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.questions import save_question
from mapping.domain.removing import remove_from_map
from mapping.domain.rows import MapFacts, row_version
from mapping.enums import ParticipationForm
from mapping.models import KwartiermakerAssignment, MapEntry
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Municipality, Region
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import a_region, checked, mapper_of, taken, text_file
from tests.kernel.test_row_counts import rows_known

pytestmark = pytest.mark.django_db

HEADINGS = ["Naam", "KvK", "Gemeenten", "Rol", "Gesprek", "Notities"]


def names(region: Region) -> list[str]:
    return list(organisations_in(region).order_by("sort_name", "pk").values_list("name", flat=True))


def everything() -> list[object]:
    """Return all that is kept of organisations."""
    tables = (
        Organisation.objects.exclude(pk=None), MapEntry.objects.all(), Organisation.works_in.through.objects.all(),
        Organisation.reaches.through.objects.all(),
    )  # fmt: skip
    return [sorted(map(str, rows.values())) for rows in tables]


def decided(made: MapImport, user, **answers: Answer) -> MapImport:
    made.refresh_from_db()
    return decide(
        import_id=made.pk, answers={int(name[1:]): each for name, each in answers.items()},
        seen_version=made.version, read=RowReader(), actor=user, at=AT,
    )  # fmt: skip


def take(made: MapImport, user) -> MapImport:
    made.refresh_from_db()
    return take_import(import_id=made.pk, seen=str(made.version), read=RowReader(), actor=user, at=AT)


def test_rows_come_on_the_map_with_all_that_they_say_and_a_second_click_changes_nothing() -> None:
    region = a_region()
    user = mapper_of(region)
    rows = [
        HEADINGS,
        ["Raad Zuid", "12345678", "Middelstad; Ergens aan Zee", "leefwereld", "", "Belt, terug"],
        ["Café"],
    ]
    made = taken(region, user, text_file(rows))
    assert made.state == ImportState.TAKEN
    [cafe, raad] = organisations_in(region).order_by("sort_name", "pk")
    assert (raad.kvk_number, raad.role, raad.sort_name, raad.version) == ("12345678", "life", "raad zuid", 1)
    assert (raad.mapped_at, raad.created_by, raad.published_at) == (AT, user, None)
    assert [each.name for each in raad.reaches.order_by("name")] == ["Ergens aan Zee", "Middelstad"]
    assert (entry_of(raad, region).notes, entry_of(cafe, region).notes) == ("Belt, terug", "")
    before = everything()
    take(made, user)
    assert everything() == before
    acts = list(
        AuditEvent.objects.filter(act__in=["imports.taken", "organisations.added"]).values_list(
            "act", flat=True
        )
    )
    assert sorted(acts) == ["imports.taken", "organisations.added", "organisations.added"]
    assert AuditEvent.objects.get(act="imports.taken").facts == {
        "region": region.pk,
        "added": 2,
        "changed": 0,
    }


def test_nothing_comes_on_the_map_while_a_row_waits() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Goed"], ["Fout", "123"]]))
    with pytest.raises(RuleViolation, match="wachten"):
        take(made, user)
    assert names(region) == []
    decided(made, user, _3=Answer(cells={1: "12345678"}))
    assert list(made.rows.filter(number=3).values_list("fate", "cells")) == [(Fate.NEW, ["Fout", "12345678"])]
    take(made, user)
    assert names(region) == ["Fout", "Goed"]


def test_a_row_is_left_out_and_counted() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Goed"], ["Fout", "123"], ["Ook goed"]]))
    decided(made, user, _3=Answer(Choice.SKIP), _4=Answer(Choice.SKIP))
    take(made, user)
    assert names(region) == ["Goed"]


def known(region: Region, user, **facts) -> Organisation:
    return add_to_map(
        facts=OrganisationFacts("Raad Zuid", role="system", **facts), region=region,
        more=MapFacts(talk="to_call"), actor=user, at=AT,
    )  # fmt: skip


ROW = ["Raad Zuid", "", "Middelstad", "leefwereld", "later", "Nieuw"]


@pytest.mark.parametrize(
    ("replaces", "role", "talk"), [(False, "system", "to_call"), (True, "life", "later")]
)
def test_the_same_organisation_is_filled_in_and_replaced_only_where_somebody_said_so(
    replaces: bool, role: str, talk: str
) -> None:
    region = a_region()
    user = mapper_of(region)
    raad = known(region, user)
    before = everything()
    made = checked(region, user, text_file([HEADINGS, ROW]))
    decided(made, user, _2=Answer(Choice.SAME, replaces))
    take(made, user)
    raad.refresh_from_db()
    entry = entry_of(raad, region)
    assert (raad.role, entry.talk, entry.notes) == (role, talk, "Nieuw")
    assert [each.name for each in raad.reaches.all()] == ["Middelstad"]
    undo_import(import_id=made.pk, actor=user, at=AT)
    raad.refresh_from_db()
    entry = entry_of(raad, region)
    assert (raad.role, entry.talk, entry.notes, raad.reaches.count()) == ("system", "to_call", "", 0)
    assert len(everything()[0]) == len(before[0])


def test_a_number_of_the_map_is_never_replaced_and_never_another_one() -> None:
    region = a_region()
    user = mapper_of(region)
    raad = known(region, user, kvk_number="12345678")
    made = checked(
        region, user, text_file([HEADINGS, ["Raad Zuid", "87654321"], ["Heel anders", "12345678"]])
    )
    decided(made, user, _2=Answer(Choice.SAME, replaces=True), _3=Answer(Choice.NEW))
    assert list(made.rows.order_by("number").values_list("choice", flat=True)) == [None, Choice.SAME, None]
    decided(made, user, _3=Answer(Choice.SAME, replaces=True))
    with pytest.raises(RuleViolation, match="Bij de rijen 2, 3 koos u dezelfde organisatie"):
        take(made, user)
    decided(made, user, _3=Answer(Choice.SKIP))
    take(made, user)
    raad.refresh_from_db()
    assert (raad.name, raad.kvk_number) == ("Raad Zuid", "12345678")


def test_what_is_public_elsewhere_is_put_on_the_map_and_only_filled_in() -> None:
    """Rule 26: who maps it changes what it says."""
    region, elsewhere = a_region(), RegionFactory.create()
    user = mapper_of(region)
    raad = organisation_in(elsewhere, name="Raad Zuid", role="system", published_at=AT)
    made = checked(region, user, text_file([HEADINGS, ROW]))
    decided(made, user, _2=Answer(Choice.SAME, replaces=True))
    take(made, user)
    raad.refresh_from_db()
    assert (names(region), raad.role, entry_of(raad, region).notes) == (["Raad Zuid"], "system", "Nieuw")
    undo_import(import_id=made.pk, actor=user, at=AT)
    raad.refresh_from_db()
    assert (names(region), raad.reaches.count(), raad.published_at) == ([], 0, AT)
    assert not MapEntry.objects.filter(organisation=raad).exists()


def test_what_is_in_the_bin_comes_back_and_goes_there_again() -> None:
    region = a_region()
    user = mapper_of(region)
    raad = known(region, user)
    remove_from_map(organisation_id=raad.pk, region=region, actor=user, at=AT)
    made = checked(region, user, text_file([HEADINGS, ["Raad Zuid"]]))
    decided(made, user, _2=Answer(Choice.SAME))
    take(made, user)
    assert names(region) == ["Raad Zuid"]
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert (names(region), entry_of(raad, region).removed_at, raad.works_in.count()) == ([], AT, 1)


def test_a_map_that_went_on_is_compared_anew() -> None:
    region = a_region()
    user = mapper_of(region)
    raad = known(region, user)
    made = checked(region, user, text_file([HEADINGS, ROW, ["Wijkraad"]]))
    decided(made, user, _2=Answer(Choice.SAME))
    save_cell(
        organisation_id=raad.pk, region=region, field="notes", value="Net gebeld",
        seen_version=row_version(raad, entry_of(raad, region)), actor=user, at=AT,
    )  # fmt: skip
    with pytest.raises(MapWentOn):
        take(made, user)
    check_again(import_id=made.pk, at=AT)
    check_rows_task()
    # What was chosen beside the same organisation stays.
    assert list(made.rows.order_by("number").values_list("choice", flat=True)) == [None, Choice.SAME, None]
    add_to_map(facts=OrganisationFacts("Wijkraad"), region=region, actor=user, at=AT)
    with pytest.raises(MapWentOn):
        take(made, user)
    check_again(import_id=made.pk, at=AT)
    check_rows_task()
    take(made, user)
    assert (names(region), entry_of(raad, region).notes) == (["Raad Zuid", "Wijkraad"], "Net gebeld")


def test_the_page_that_was_shown_is_what_is_taken() -> None:
    """Rule 30."""
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Goed"], ["Ook"]]))
    seen = str(made.version)
    decided(made, user, _3=Answer(Choice.SKIP))
    with pytest.raises(NewerVersion):
        take_import(import_id=made.pk, seen=seen, read=RowReader(), actor=user, at=AT)
    with pytest.raises(NewerVersion):
        ask_to_take(import_id=made.pk, seen=seen, actor=user, at=AT)
    assert names(region) == []


def test_choices_over_a_newer_version_are_refused() -> None:
    """Rule 12."""
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Goed"]]))
    decided(made, user, _2=Answer(Choice.SKIP))
    stale = {"import_id": made.pk, "seen_version": made.version, "read": RowReader(), "actor": user, "at": AT}
    decide(answers={2: Answer(Choice.SKIP)}, **stale)
    with pytest.raises(NewerVersion):
        decide(answers={2: Answer()}, **stale)
    with pytest.raises(NewerVersion):
        set_columns(columns=["", "name", "", "", "", ""], heading_number=0, **stale)


def test_columns_are_mended_and_all_rows_judged_anew() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([["Iets", "Wat"], ["12345678", "Raad Zuid"], ["", "Raad Noord"]]))
    assert (made.columns, made.heading_number) == (["name", ""], 0)
    stale = {"import_id": made.pk, "seen_version": made.version, "read": RowReader(), "actor": user, "at": AT}
    for columns, sentence in (
        (["name", "name"], "kunnen niet hetzelfde veld"),
        (["", "kvk_number"], "Kies de kolom"),
    ):
        with pytest.raises(RuleViolation, match=sentence):
            set_columns(columns=columns, heading_number=1, **stale)
    set_columns(columns=["kvk_number", "name"], heading_number=1, **stale)
    assert list(made.rows.order_by("number").values_list("fate", flat=True)) == ["heading", "new", "new"]


def test_what_was_compared_with_a_row_is_compared_anew_when_that_is_left_out_or_mended() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Een", "12345678"], ["Twee", "12345678"], ["Een"]]))
    assert list(made.rows.order_by("number").values_list("fate", flat=True)) == [
        "heading",
        "new",
        "wrong",
        "doubtful",
    ]
    decided(made, user, _2=Answer(Choice.SKIP))
    assert list(made.rows.order_by("number").values_list("fate", flat=True)) == [
        "heading",
        "new",
        "new",
        "new",
    ]
    take(made, user)
    assert names(region) == ["Een", "Twee"]


def test_rows_say_no_more_than_the_map_once_they_are_on_it() -> None:
    region = a_region()
    made = taken(region, mapper_of(region), text_file([["Naam", "Telefoon"], ["Raad", "06 12345678"]]))
    assert list(made.rows.values_list("cells", "name_key", "kvk_number")) == [([], "", ""), ([], "", "")]


@pytest.mark.parametrize("number", ["33333333", "11111111", "22222222"])
def test_a_row_that_got_another_number_since_stays_and_is_named_whoever_has_that_number(number: str) -> None:
    """Rule 26: a free one, one of a coalition, and one on the map of another region."""
    region = a_region()
    user = mapper_of(region)
    OrganisationFactory.create(name="Coalitiepartner", kvk_number="11111111", mapped_at=None)
    organisation_in(RegionFactory.create(), name="Elders", kvk_number="22222222")
    made = taken(region, user, text_file([HEADINGS, ["Raad Zuid"], ["Café"]]))
    raad = organisations_in(region).get(name="Raad Zuid")
    save_cell(
        organisation_id=raad.pk, region=region, field="kvk_number", value=number, seen_version=1, actor=user, at=AT
    )  # fmt: skip
    undo_import(import_id=made.pk, actor=user, at=AT)
    kept = made.rows.filter(was_kept=True)
    assert (names(region), [each.organisation.name for each in kept]) == (["Raad Zuid"], ["Raad Zuid"])


def test_what_takes_part_in_a_question_stays_on_the_map() -> None:
    region, elsewhere = a_region(), RegionFactory.create()
    user = mapper_of(region)
    organisation_in(elsewhere, name="Raad Zuid", published_at=AT)
    made = checked(region, user, text_file([HEADINGS, ["Raad Zuid"], ["Café"]]))
    decided(made, user, _2=Answer(Choice.SAME))
    take(made, user)
    involved = {each: [ParticipationForm.ADVISE] for each in organisations_in(region)}
    save_question(
        region=region, title="Hoe?", description="", municipality=None, forms=involved, actor=user, at=AT
    )  # fmt: skip
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert names(region) == ["Café", "Raad Zuid"]
    assert made.rows.filter(was_kept=True).count() == 2


def test_the_same_is_chosen_for_all_that_wait() -> None:
    region = a_region()
    user = mapper_of(region)
    known(region, user)
    rows = [HEADINGS, ROW, ["Raad Zuidd"], ["Fout", "1"], ["Dubbel"], ["Dubbel", "12345678"]]
    made = checked(region, user, text_file(rows))
    for choice in (Choice.SAME, Choice.NEW, Choice.SKIP):
        decide_all(import_id=made.pk, choice=choice, actor=user, at=AT)
    assert list(made.rows.order_by("number").values_list("choice", flat=True)) == [
        None, Choice.SAME, Choice.SAME, Choice.SKIP, None, Choice.NEW,
    ]  # fmt: skip


def test_what_somebody_worked_on_since_stays_when_an_import_is_undone() -> None:
    region = a_region()
    user = mapper_of(region)
    made = taken(region, user, text_file([HEADINGS, ["Blijft"], ["Gaat"], ["Openbaar"], ["Weg"]]))
    rows = {each.name: each for each in organisations_in(region)}
    for name, field, value in (("Blijft", "notes", "Gebeld"), ("Openbaar", "public", True)):
        version = row_version(rows[name], entry_of(rows[name], region))
        save_cell(
            organisation_id=rows[name].pk, region=region, field=field, value=value, seen_version=version,
            actor=user, at=AT,
        )  # fmt: skip
    remove_from_map(organisation_id=rows["Weg"].pk, region=region, actor=user, at=AT)
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert names(region) == ["Blijft", "Openbaar"]
    kept = made.rows.filter(was_kept=True).order_by("number")
    assert [each.organisation.name for each in kept] == ["Blijft", "Openbaar"]
    assert [each.organisation.name for each in made.rows.filter(was_off_map=True)] == ["Weg"]
    assert AuditEvent.objects.get(act="imports.undone").facts == {"region": region.pk, "undone": 1, "kept": 2}
    before = everything()
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert everything() == before


def test_an_import_is_undone_for_thirty_days_by_any_kwartiermaker_of_the_region() -> None:
    region = a_region()
    user, colleague, other = mapper_of(region), mapper_of(region), mapper_of(RegionFactory.create())
    made = taken(region, user, text_file([HEADINGS, ["Raad"]]))
    with pytest.raises(NotAllowed):
        undo_import(import_id=made.pk, actor=other, at=AT)
    with pytest.raises(RuleViolation, match="niet meer worden teruggedraaid"):
        undo_import(import_id=made.pk, actor=colleague, at=AT + timedelta(days=30, seconds=1))
    undo_import(import_id=made.pk, actor=colleague, at=AT + timedelta(days=30))
    assert names(region) == []


def test_nobody_else_takes_or_decides_what_is_not_on_the_map() -> None:
    """Rule 26: it shows what its maker may know of maps elsewhere."""
    region = a_region()
    user, colleague = mapper_of(region), mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Raad"]]))
    for act in (
        lambda: take(made, colleague),
        lambda: decided(made, colleague, _2=Answer(Choice.SKIP)),
        lambda: decide_all(import_id=made.pk, choice=Choice.SKIP, actor=colleague, at=AT),
        lambda: ask_to_take(import_id=made.pk, seen="2", actor=colleague, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_long_import_is_taken_by_the_jobs_unless_its_maker_lost_the_region() -> None:
    region = a_region()
    user = mapper_of(region)
    first, second = (checked(region, user, text_file([HEADINGS, [name]])) for name in ("Een", "Twee"))
    ask_to_take(import_id=first.pk, seen=str(first.version), actor=user, at=AT)
    take_task()
    first.refresh_from_db()
    assert (first.state, names(region)) == (ImportState.TAKEN, ["Een"])
    ask_to_take(import_id=second.pk, seen=str(second.version), actor=user, at=AT)
    KwartiermakerAssignment.objects.all().delete()
    take_task()
    second.refresh_from_db()
    assert (second.state, names(region)) == (ImportState.CHECKING, ["Een"])


@pytest.mark.parametrize("count", [3, 60])
def test_many_rows_are_taken_and_undone_in_as_many_queries_as_three(count: int) -> None:
    region = a_region()
    user = mapper_of(region)
    rows = [
        [f"Organisatie {each}", f"{10_000_000 + each}", "Middelstad", "leefwereld", "", "Notitie"]
        for each in range(count)
    ]
    made = checked(region, user, text_file([HEADINGS, *rows]))
    read = RowReader()
    with CaptureQueriesContext(connection) as taking:
        take_import(import_id=made.pk, seen=str(made.version), read=read, actor=user, at=AT)
    with CaptureQueriesContext(connection) as undoing:
        undo_import(import_id=made.pk, actor=user, at=AT)
    assert (len(taking), len(undoing)) == (22, 64)
    assert names(region) == []


def test_ten_thousand_rows_come_on_the_map_and_go_off_it() -> None:
    region = a_region()
    user = mapper_of(region)
    rows = ([f"Organisatie {each} te Middelstad", f"{10_000_000 + each}"] for each in range(10_000))
    made = checked(region, user, text_file([HEADINGS[:2], *rows]))
    assert list(made.rows.values_list("fate").order_by("fate").distinct()) == [("heading",), ("new",)]
    ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT)
    with CaptureQueriesContext(connection) as queries:
        take_task()
    made.refresh_from_db()
    assert (made.state, organisations_in(region).count()) == (ImportState.TAKEN, 10_000)
    assert len(queries) < 300
    # Who opens the grid next does not wait for minutes.
    assert rows_known(Organisation) >= 10_000
    with CaptureQueriesContext(connection) as queries:
        undo_import(import_id=made.pk, actor=user, at=AT)
    assert (organisations_in(region).count(), ImportRow.objects.filter(was_kept=True).count()) == (0, 0)
    assert len(queries) < 1000


def test_a_file_of_which_the_last_row_is_refused_leaves_nothing() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([HEADINGS, ["Een"], ["Twee", "12345678"]]))
    # As somebody else does between the question and the answer: not known to the kwartiermaker, and for the region apart.
    OrganisationFactory.create(
        name="Apart", kvk_number="12345678", mapped_at=AT, apart_in=region, municipality=None
    )
    organisation_in(RegionFactory.create(), name="Elders", kvk_number="12345678")
    with pytest.raises(RuleViolation):
        take(made, user)
    assert (names(region), Municipality.objects.count()) == ([], 3)
    assert check_rows(import_id=made.pk, read=RowReader(), at=AT) is False
