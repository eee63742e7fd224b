"""A row that fails in a sweep is retried with growing delays, logged once, and stops no other row."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from applications.models import Receipt
from applications.tasks import RECEIPTS, SEALING
from hubportal.sweeps.domain.figures import every_sweep, sweep_figures
from hubportal.sweeps.domain.sweeping import MAX_DELAY, NotNow, Sweep, WrongClock, delay_after, reason_of, run
from hubportal.sweeps.models import PostponedRow, SweepCount
from hubportal.sweeps.queries import stuck_rows
from tests.factories.moments import AT
from tests.factories.scenarios import submitted
from tests.factories.sweeps import PostponedRowFactory
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


class Making:
    """A sweep over receipts that fails on chosen ones."""

    def __init__(self) -> None:
        self.broken: set[int] = set()
        self.tried: list[int] = []

    def __call__(self, row_id: int, at: datetime) -> bool:
        self.tried.append(row_id)
        if row_id in self.broken:
            raise OSError(28, "schijf vol")
        Receipt.objects.filter(pk=row_id).delete()
        return True


@pytest.fixture
def making() -> Making:
    return Making()


def sweep(making: Making) -> Sweep:
    return Sweep("tests.make", "Maken", lambda at: Receipt.objects.order_by("pk"), making, "made_at")


def sweep_at(making: Making, at: datetime) -> int:
    making.tried.clear()
    return run(sweep(making), now=lambda: at)


def receipts(count: int) -> list[int]:
    first = submitted().receipt
    more = [submitted(coalition_name=f"Coalitie {number} (fictief)").receipt for number in range(count - 1)]
    return [each.pk for each in (first, *more)]


def test_a_row_that_fails_stops_none_of_the_others(making) -> None:
    first, second = receipts(2)
    making.broken = {first}
    assert sweep_at(making, AT) == 1
    assert (making.tried, list(Receipt.objects.values_list("pk", flat=True))) == ([first, second], [first])


def test_what_another_worker_has_ends_the_pass_without_a_failure() -> None:
    first, second = receipts(2)
    tried: list[int] = []

    def act(row_id: int, at: datetime) -> bool:
        tried.append(row_id)
        raise NotNow

    assert (
        run(
            Sweep("tests.wait", "Wachten", lambda _at: Receipt.objects.order_by("pk"), act, "made_at"),
            now=lambda: AT,
        )
        == 0
    )
    assert (tried, second in tried, PostponedRow.objects.count()) == ([first], False, 0)


def test_a_row_that_fails_is_tried_later_and_later(making) -> None:
    [row] = receipts(1)
    making.broken = {row}
    tried_at = [
        minute
        for minute in range(40)
        if not sweep_at(making, AT + timedelta(minutes=minute)) and making.tried
    ]
    assert tried_at == [0, 1, 3, 7, 15, 31]
    postponed = PostponedRow.objects.get()
    assert (postponed.row_id, postponed.attempts, postponed.reason) == (row, 6, "OSError: schijf vol")
    assert (postponed.first_failed_at, postponed.failed_at) == (AT, AT + timedelta(minutes=31))
    assert postponed.next_attempt_at == AT + timedelta(minutes=63)


def test_a_row_never_rests_longer_than_the_longest_delay() -> None:
    assert [delay_after(each) for each in (1, 2, 5, 9, 10, 1000)] == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=16),
        timedelta(minutes=256),
        MAX_DELAY,
        MAX_DELAY,
    ]


def test_the_traceback_is_told_once(making, caplog) -> None:
    [row] = receipts(1)
    making.broken = {row}
    with caplog.at_level(logging.WARNING, "hubportal.sweeps"):
        for minute in (0, 1, 3):
            sweep_at(making, AT + timedelta(minutes=minute))
    assert [(each.levelname, bool(each.exc_info)) for each in caplog.records] == [
        ("ERROR", True),
        ("WARNING", False),
        ("WARNING", False),
    ]


def test_a_row_that_succeeds_after_all_is_not_postponed_any_more(making) -> None:
    [row] = receipts(1)
    making.broken = {row}
    sweep_at(making, AT)
    making.broken = set()
    assert sweep_at(making, AT + timedelta(minutes=1)) == 1
    assert not PostponedRow.objects.exists()


def test_a_row_that_is_no_longer_due_is_not_stuck(making) -> None:
    [row] = receipts(1)
    making.broken = {row}
    sweep_at(making, AT)
    Receipt.objects.all().delete()
    sweep_at(making, AT + timedelta(seconds=10))
    assert not PostponedRow.objects.exists()


def test_postponing_a_row_of_one_sweep_keeps_it_from_no_other_sweep(making) -> None:
    [row] = receipts(1)
    PostponedRowFactory.create(row_id=row, next_attempt_at=AT + timedelta(days=1))
    assert sweep_at(making, AT) == 1
    assert PostponedRow.objects.count() == 1


def test_a_row_is_stuck_from_the_third_attempt() -> None:
    rows = [PostponedRowFactory.create(attempts=attempts) for attempts in (1, 2, 3, 4)]
    assert list(stuck_rows()) == rows[2:]


def test_figures_say_what_was_done_what_failed_and_since_when_the_oldest_waits(making) -> None:
    case = submitted()
    assert run(RECEIPTS, now=lambda: AT) == 1
    PostponedRowFactory.create(sweep=SEALING.name)
    by_name = {
        each.name: each for each in sweep_figures(at=case.review_round.deadline_at + timedelta(minutes=3))
    }
    receipts_, sealing = by_name[RECEIPTS.name], by_name[SEALING.name]
    assert (receipts_.done, receipts_.failed, receipts_.waiting, receipts_.oldest_waits_since) == (
        1,
        0,
        0,
        None,
    )
    assert receipts_.last_run_at == AT
    assert (sealing.done, sealing.waiting, sealing.oldest_waits_since) == (
        0,
        1,
        case.review_round.deadline_at,
    )
    assert sealing.stuck == 1


def test_failures_are_counted(making) -> None:
    first, second = receipts(2)
    making.broken = {first, second}
    sweep_at(making, AT)
    sweep_at(making, AT + timedelta(minutes=1))
    count = SweepCount.objects.get(sweep="tests.make")
    assert (count.done, count.failed, count.last_run_at) == (0, 4, AT + timedelta(minutes=1))


def test_every_job_on_the_schedule_that_sweeps_rows_has_figures(settings) -> None:
    own_way = {
        "hubportal.heartbeat",
        "mail.send_due",
        "audit.link_events",
        "decisions.produce_letters",
        "website.renew_region_states",
        "website.keep_coverage",
        "retention.forget_sessions",
        "documents.remove_orphans",
    }
    names = {each.name for each in every_sweep()}
    assert set(settings.CELERY_BEAT_SCHEDULE) - own_way <= names


def test_the_database_refuses_a_row_that_is_postponed_twice() -> None:
    row = PostponedRowFactory.create()
    with refused_by("postponed_row_once_per_sweep"):
        PostponedRowFactory.create(row_id=row.row_id)


def test_the_database_refuses_a_postponed_row_that_never_failed() -> None:
    with refused_by("postponed_row_failed_at_least_once"):
        PostponedRowFactory.create(attempts=0)


@pytest.mark.parametrize("hours", [-2, 2])
def test_nothing_is_done_by_a_clock_that_is_not_that_of_the_database(making: Making, hours: int) -> None:
    submitted()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)), pytest.raises(WrongClock):
        sweep_at(making, AT)
    assert making.tried == []
    assert sweep_at(making, AT) == 1


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            OSError(28, "No space left on device", "/opslag/CRP24-0001.pdf"),
            "OSError: No space left on device",
        ),
        (ValueError("CRP24-0001 is afgewezen"), "ValueError"),
    ],
)
def test_the_office_reads_what_kind_of_failure_it_was_and_nothing_of_the_case(
    problem: Exception, told: str
) -> None:
    assert reason_of(problem) == told


def test_a_refusal_of_the_database_is_told_by_the_constraint_alone() -> None:
    case = submitted()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(case).objects.filter(pk=case.pk).update(requested_amount=-1)
    assert reason_of(refused.value).startswith("IntegrityError: application_")
    assert case.reference not in reason_of(refused.value)
