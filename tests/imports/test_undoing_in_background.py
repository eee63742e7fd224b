"""Many rows are taken off the map by the jobs: once, whatever happens meanwhile, and as who asked might when they asked."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel import clock
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.sweeps.models import PostponedRow
from imports.domain import undoing
from imports.domain.importing import throw_away
from imports.domain.taking import ask_to_take, take_import, take_in_background
from imports.domain.undoing import ask_to_undo, undo_import, undo_in_background
from imports.enums import ImportState
from imports.forms.rows import RowReader
from imports.models import MapImport
from imports.tasks import forget_task, take_task
from mapping.models import KwartiermakerAssignment
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import a_region, address, checked, mapper_of, taken, text_file
from tests.pages import at_moment, page_text
from tests.racing import held_open

pytestmark = pytest.mark.django_db

LAST = AT + timedelta(days=30)


def names(region: Region) -> list[str]:
    return list(organisations_in(region).order_by("sort_name", "pk").values_list("name", flat=True))


def two_rows(region: Region, user: User, *, at: datetime = AT) -> MapImport:
    return taken(region, user, text_file([["Naam"], ["Raad Zuid"], ["Café"]]), at=at)


def state_of(made: MapImport) -> tuple[str, object]:
    made.refresh_from_db()
    return made.state, made.undone_by


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_an_import_to_the_one_that_puts_it_on_the_map() -> None:
    """Else it would wait as long, and do no other work."""
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"]]))
    ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT)

    def take() -> bool:
        return take_in_background(import_id=made.pk, read=RowReader(), at=AT)

    with held_open(take) as meanwhile:
        assert meanwhile(take).result() is False
    assert (state_of(made), names(region)) == ((ImportState.TAKEN, None), ["Raad Zuid"])


def test_the_page_leaves_many_rows_to_the_jobs_and_a_second_click_changes_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 30."""
    monkeypatch.setattr(undoing, "UNDONE_AT_ONCE", 1)
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = two_rows(region, user, at=clock.now())
    assert "Dit duurt even." in page_text(client.get(address("undo", region, made)))
    for _twice in range(2):
        answer = client.post(address("undo", region, made))
        assert (state_of(made), names(region)) == ((ImportState.UNDOING, user), ["Café", "Raad Zuid"])
    page = page_text(client.get(answer.url))
    assert "Wordt van de kaart gehaald." in page
    assert "Wat deze import op de kaart zette, gaat er in één keer weer af." in page
    assert "De import is teruggedraaid" not in page
    assert client.get(address("undo", region, made)).url == answer.url
    # A colleague sees how far it is too.
    log_in(client, mapper_of(region))
    assert "Wordt van de kaart gehaald." in page_text(client.get(answer.url))
    for _twice in range(2):
        take_task()
    assert (state_of(made), names(region)) == ((ImportState.UNDONE, None), [])
    client.post(address("undo", region, made))
    assert "Teruggedraaid." in page_text(client.get(answer.url))
    assert list(AuditEvent.objects.filter(act="imports.undone").values_list("facts", "actor_id")) == [
        ({"region": region.pk, "undone": 2, "kept": 0}, user.pk)
    ]


def test_few_rows_are_undone_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "UNDONE_AT_ONCE", 2)
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = two_rows(region, user, at=clock.now())
    assert "Dit duurt even." not in page_text(client.get(address("undo", region, made)))
    page = page_text(client.post(address("undo", region, made), follow=True))
    assert "De import is teruggedraaid" in page
    assert (state_of(made), names(region)) == ((ImportState.UNDONE, None), [])


def test_who_may_and_until_when_counts_from_the_asking() -> None:
    region = a_region()
    user, colleague, other = mapper_of(region), mapper_of(region), mapper_of(RegionFactory.create())
    made = two_rows(region, user)
    with pytest.raises(NotAllowed):
        ask_to_undo(import_id=made.pk, actor=other, at=AT)
    with pytest.raises(RuleViolation, match="niet meer worden teruggedraaid"):
        ask_to_undo(import_id=made.pk, actor=colleague, at=LAST + timedelta(seconds=1))
    ask_to_undo(import_id=made.pk, actor=colleague, at=LAST)
    assert (state_of(made), made.state_at) == ((ImportState.UNDOING, colleague), LAST)
    KwartiermakerAssignment.objects.filter(user=colleague).delete()
    with at_moment(LAST + timedelta(days=31)):
        # The jobs stood still for a month: what was asked in time is not forgotten.
        forget_task()
        take_task()
    assert (state_of(made), names(region)) == ((ImportState.UNDONE, None), [])
    with pytest.raises(NotAllowed):
        ask_to_undo(import_id=made.pk, actor=colleague, at=LAST)


def test_a_worker_that_is_killed_leaves_the_map_as_it_was_and_the_next_one_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    region = a_region()
    user = mapper_of(region)
    made = two_rows(region, user)
    ask_to_undo(import_id=made.pk, actor=user, at=AT)

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        # When all was written, and nothing was committed.
        patched.setattr(undoing, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            undo_in_background(import_id=made.pk, at=AT)
    assert (state_of(made), names(region)) == ((ImportState.UNDOING, user), ["Café", "Raad Zuid"])
    take_task()
    assert (state_of(made), names(region), PostponedRow.objects.count()) == (
        (ImportState.UNDONE, None), [], 0,
    )  # fmt: skip


def test_nothing_else_is_done_with_an_import_that_is_being_undone() -> None:
    region = a_region()
    user = mapper_of(region)
    made = two_rows(region, user)
    ask_to_undo(import_id=made.pk, actor=user, at=AT)
    for act in (
        lambda: throw_away(import_id=made.pk, actor=user),
        lambda: ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT),
        lambda: take_import(import_id=made.pk, read=RowReader(), actor=user, at=AT),
    ):
        with pytest.raises(RuleViolation):
            act()
    # It is left to the jobs, also by who clicks on an older page.
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert (state_of(made), names(region)) == ((ImportState.UNDOING, user), ["Café", "Raad Zuid"])


def test_what_was_never_taken_is_not_undone() -> None:
    region = a_region()
    user = mapper_of(region)
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"]]))
    with pytest.raises(RuleViolation, match="niet meer worden teruggedraaid"):
        ask_to_undo(import_id=made.pk, actor=user, at=AT)
    assert undo_in_background(import_id=made.pk, at=AT) is False


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_undoing_takes_the_same_queries_however_many_rows(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = taken(region, user, text_file([["Naam"], *([f"Organisatie {each}"] for each in range(rows))]))
    with django_assert_num_queries(6):
        client.get(address("undo", region, made))
    ask_to_undo(import_id=made.pk, actor=user, at=AT)
    with django_assert_num_queries(6):
        client.get(address("import", region, made))
