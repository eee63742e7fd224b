"""Sweeps of the retention app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from retention.domain.destroying import declare_destruction, destroy_row, remove_file
from retention.domain.reporting import make_report
from retention.domain.sessions import forget_ended_sessions
from retention.queries import files_to_remove, periods_to_look_at, reports_to_declare, rows_to_destroy

REPORTS = Sweep(
    name="retention.make_reports",
    words=_("Listing what is past its retention period"),
    due=lambda at: periods_to_look_at(at=at),
    act=lambda period_id, at: make_report(period_id=period_id, at=at),
    waits_since="looked_at",
)
ROWS = Sweep(
    name="retention.destroy_rows",
    words=_("Destroying what two people approved"),
    due=lambda at: rows_to_destroy(at=at),
    act=lambda listed_id, at: destroy_row(listed_id=listed_id, at=at),
    waits_since="report__destroys_from",
)
DECLARATIONS = Sweep(
    name="retention.declare",
    words=_("Declaring a destruction"),
    due=lambda at: reports_to_declare(at=at),
    act=lambda report_id, at: declare_destruction(report_id=report_id, at=at),
    waits_since="destroys_from",
)
FILES = Sweep(
    name="retention.remove_files",
    words=_("Removing files of what was destroyed"),
    due=lambda _at: files_to_remove(),
    act=lambda file_id, at: remove_file(file_id=file_id, at=at),
    waits_since="noted_at",
)


@shared_task(name=REPORTS.name)
def make_reports_task() -> None:
    """List what is past its period, once a day."""
    run(REPORTS, now=clock.now)


@shared_task(name=ROWS.name)
def destroy_rows_task() -> None:
    """Destroy the rows that two people approved."""
    run(ROWS, now=clock.now)


@shared_task(name=FILES.name)
def remove_files_task() -> None:
    """Remove the files of destroyed rows."""
    run(FILES, now=clock.now)


@shared_task(name="retention.forget_sessions")
def forget_sessions_task() -> None:
    """Remove the sessions that ended."""
    forget_ended_sessions(at=clock.of_this_machine())


@shared_task(name=DECLARATIONS.name)
def declare_task() -> None:
    """Declare the destructions that are done."""
    run(DECLARATIONS, now=clock.now)
