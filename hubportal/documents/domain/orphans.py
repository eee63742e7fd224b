"""Files that no row names: what an act wrote before it failed, or before its worker was killed."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage

from hubportal.documents.domain.files import FOLDERS, every_stored_file, folder_lock
from hubportal.documents.queries import stored_names

# Far longer than any act takes between writing a file and the row that names it.
KEPT_FOR = timedelta(days=1)


def remove_orphans(*, at: datetime) -> int:
    """Remove the files that were written a day ago or earlier and that no row names; return how many.

    ``at`` is a moment of the machine's own clock, which dates files. Idempotent.
    """
    written_before = (at - KEPT_FOR).timestamp()
    # Read before the rows: a file whose row comes meanwhile is named, or too new.
    old = [each for each in _files() if each.stat().st_mtime < written_before]
    named = {Path(default_storage.path(name)) for name in _named()} if old else set()
    return sum(_removed(each, written_before) for each in old if each not in named)


def _files() -> list[Path]:
    folders = [Path(default_storage.path(each)) for each in FOLDERS]
    return [each for folder in folders for each in folder.glob("*/**/*") if each.is_file()]


def _named() -> set[str]:
    return {*stored_names(), *(each.name for each in every_stored_file())}


def _removed(path: Path, written_before: float) -> bool:
    """Remove a file, unless somebody came to need it meanwhile."""
    with folder_lock(is_shared=False):
        if not path.exists() or path.stat().st_mtime >= written_before:
            return False
        path.unlink()
        return True
