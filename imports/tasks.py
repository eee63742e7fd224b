"""Sweeps of the imports app."""

from datetime import datetime

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from imports.domain.importing import forget_import
from imports.domain.judging import check_rows
from imports.domain.reading import read_file
from imports.domain.taking import take_in_background
from imports.domain.undoing import undo_in_background
from imports.forms.rows import RowReader
from imports.queries import imports_to_check, imports_to_forget, imports_to_read, imports_to_take_or_undo


def _check_all(import_id: int, _at: datetime) -> bool:
    """Judge all rows of an import, some at a time, so that its maker sees how far it is."""
    read, did_any = RowReader(), False
    while check_rows(import_id=import_id, read=read, at=clock.now()):
        did_any = True
    return did_any


def _take_or_undo(import_id: int, at: datetime) -> bool:
    """Do what was asked for an import: put it on the map, or take it off."""
    return undo_in_background(import_id=import_id, at=at) or take_in_background(
        import_id=import_id, read=RowReader(), at=at
    )


READING = Sweep(
    name="imports.read_files",
    words=_("Reading spreadsheets"),
    due=lambda _at: imports_to_read(),
    act=lambda import_id, at: read_file(import_id=import_id, words=RowReader().words, at=at),
    waits_since="state_at",
)
CHECKING = Sweep(
    name="imports.check_rows",
    words=_("Checking the rows of spreadsheets"),
    due=lambda _at: imports_to_check(),
    act=_check_all,
    waits_since="state_at",
)
TAKING = Sweep(
    name="imports.take",
    words=_("Putting the rows of spreadsheets on a map, and taking them off it again"),
    due=lambda _at: imports_to_take_or_undo(),
    act=_take_or_undo,
    waits_since="state_at",
)
FORGETTING = Sweep(
    name="imports.forget",
    words=_("Forgetting imports on which nobody works any more"),
    due=lambda at: imports_to_forget(at=at),
    act=lambda import_id, at: forget_import(import_id=import_id, at=at),
    waits_since="state_at",
)


@shared_task(name=READING.name)
def read_files_task() -> None:
    """Read the files that wait, and check their rows."""
    if run(READING, now=clock.now):
        run(CHECKING, now=clock.now)


@shared_task(name=CHECKING.name)
def check_rows_task() -> None:
    """Check the rows that wait."""
    run(CHECKING, now=clock.now)


@shared_task(name=TAKING.name)
def take_task() -> None:
    """Put the imports that wait on the map, and take those off that are to be undone."""
    run(TAKING, now=clock.now)


@shared_task(name=FORGETTING.name)
def forget_task() -> None:
    """Forget imports on which nobody worked for a month."""
    run(FORGETTING, now=clock.now)
