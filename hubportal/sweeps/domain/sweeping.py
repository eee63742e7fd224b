"""Running a sweep: each due row in its own transaction, failed rows with growing delays."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F, QuerySet

from hubportal.kernel import clock
from hubportal.sweeps.models import PostponedRow, SweepCount

logger = logging.getLogger(__name__)

MAX_ROWS_PER_RUN = 1000
MAX_DELAY = timedelta(hours=6)
MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)


class WrongClock(Exception):  # noqa: N818 -- it names what is wrong
    """The clock of this machine and that of the database differ."""


class NotNow(Exception):  # noqa: N818 -- it names what is the matter
    """What a row needs is taken by another worker: the pass ends, and the row waits for the next one without a failure."""


@dataclass(frozen=True)
class Sweep:
    """One kind of background work: which rows are due at a moment, and the act that does one of them.

    ``due`` returns the rows that wait, what waits longest in front; ``waits_since`` names the field that says since
    when. ``act`` takes the row's id and the moment, is idempotent, and returns whether it did anything; it raises ``NotNow`` where
    this pass can do no other row either.
    """

    name: str
    words: Any
    due: Callable[[datetime], QuerySet[Any]]
    act: Callable[[int, datetime], object]
    waits_since: str
    # Its figures tell how many letters of decisions there are, also of those that are closed to whoever reads them (rule 26).
    tells_of_decisions: bool = False


def run(sweep: Sweep, *, now: Callable[[], datetime]) -> int:
    """Process due rows and return how many were done; a failure does not stop the others. Raises ``WrongClock``."""
    check_clock()
    at = now()
    postponed = PostponedRow.objects.filter(sweep=sweep.name)
    later = postponed.filter(next_attempt_at__gt=at).values("row_id")
    failed_before = set(postponed.values_list("row_id", flat=True))
    done = failed = 0
    for row_id in sweep.due(at).exclude(pk__in=later).values_list("pk", flat=True)[:MAX_ROWS_PER_RUN]:
        try:
            did_it = bool(sweep.act(row_id, now()))
        except NotNow:
            break
        except Exception as problem:  # any error concerns this row alone; the others go on
            failed += 1
            row = _postponed(sweep, row_id, problem, at=now())
            # Log the traceback once; after that a line is enough.
            if row.attempts == 1:
                logger.exception("%s: row %d failed, attempt 1", sweep.name, row_id)
            else:
                logger.warning("%s: row %d failed, attempt %d", sweep.name, row_id, row.attempts)
        else:
            done += did_it
            if row_id in failed_before:
                postponed.filter(row_id=row_id).delete()
    if failed_before:
        # Rows that are no longer due (withdrawn, or done by hand) are not stuck any more.
        postponed.exclude(row_id__in=sweep.due(at).order_by().values("pk")).delete()
    _count(sweep, done, failed, at=at)
    return done


def check_clock() -> None:
    """Raise ``WrongClock`` when this machine and the database disagree about the time.

    What a sweep does is due by the clock, and can often not be undone: a round that is sealed too early stays so.
    """
    began = clock.of_this_machine()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [(there,)] = cursor.fetchall()
    difference = max(began - there, there - clock.of_this_machine())
    if difference > MAX_CLOCK_DIFFERENCE:
        raise WrongClock(f"this machine and the database differ by {difference.total_seconds():.0f} seconds")


def delay_after(attempts: int) -> timedelta:
    """Return the delay after a number of failures: a minute, doubled each time, at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), MAX_DELAY)


def reason_of(problem: Exception) -> str:
    """Return the kind of a failure, for the office: what it is about is in the log, for it may name a closed case (rule 26)."""
    kind = type(problem).__name__
    if isinstance(problem, DatabaseError):
        constraint = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
        return f"{kind}: {constraint}" if constraint else kind
    if isinstance(problem, OSError) and problem.strerror:
        return f"{kind}: {problem.strerror}"
    return kind


def _postponed(sweep: Sweep, row_id: int, problem: Exception, *, at: datetime) -> PostponedRow:
    row = PostponedRow.objects.filter(sweep=sweep.name, row_id=row_id).first() or PostponedRow(
        sweep=sweep.name, row_id=row_id, attempts=0, first_failed_at=at
    )
    row.attempts += 1
    row.reason = reason_of(problem)
    row.failed_at, row.next_attempt_at = at, at + delay_after(row.attempts)
    row.save()
    return row


def _count(sweep: Sweep, done: int, failed: int, *, at: datetime) -> None:
    SweepCount.objects.bulk_create(
        [SweepCount(sweep=sweep.name, done=0, failed=0, last_run_at=at)], ignore_conflicts=True
    )
    SweepCount.objects.filter(sweep=sweep.name).update(
        done=F("done") + done, failed=F("failed") + failed, last_run_at=at
    )
