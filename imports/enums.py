"""How far an import is, and what becomes of each of its rows."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# How long an import is kept after it was last worked on, and can be undone once it was taken.
KEPT_IMPORT = timedelta(days=30)
MAX_ROWS = 10_000
MAX_COLUMNS = 60
# The number of the last row that is looked at, empty ones counted: the database keeps no larger one of a row of headings.
LAST_ROW = 32_767
# So many rows are judged or taken while somebody waits for the page.
ROWS_AT_ONCE = 100
# So many letters of a cell can be typed on its page; a longer cell is mended in the file.
MAX_TYPED = 10_000


class ImportState(models.TextChoices):
    """How far an import is."""

    READING = "reading", _("the file waits to be read")
    CHECKING = "checking", _("the rows are being checked")
    DECIDING = "deciding", _("waits for you")
    TAKING = "taking", _("is being put on the map")
    TAKEN = "taken", _("on the map")
    UNDOING = "undoing", _("is being taken off the map")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("could not be read")


class Failure(models.TextChoices):
    """Why a file could not be read."""

    EMPTY = "empty", _("There is nothing in this file.")
    TOO_LONG = (
        "too_long",
        _("This file has more than 10,000 rows. Split it, and import the parts one by one."),
    )
    TOO_WIDE = "too_wide", _("This file has more than 60 columns. Remove the columns that you do not need.")
    COSTLY = "costly", _("This file unpacks to far more than its own size. Save it as CSV and try again.")
    ENCRYPTED = (
        "encrypted",
        _(
            "This file is protected with a password, or of an old kind. Save it as XLSX or CSV without a password."
        ),
    )
    DAMAGED = "damaged", _("This file is damaged, or no spreadsheet. Save it as XLSX or CSV and try again.")


class Refusal(models.TextChoices):
    """Why rows did not come on the map while nobody waited for it."""

    WENT_ON = (
        "went_on",
        _(
            "The map changed since these rows were checked, so nothing came on it. They are being checked again."
        ),
    )
    NUMBER = "number", _("There is already an organisation with this KvK number.")
    NOT_YOURS = "not_yours", _("You did not map this region any more, so nothing came on the map.")


class Fate(models.TextChoices):
    """What a row is, once it was checked; empty before that."""

    HEADING = "heading", _("heading")
    NEW = "new", _("new")
    SAME = "same", _("on the map as it is")
    DOUBTFUL = "doubtful", _("perhaps known already")
    WRONG = "wrong", _("not right yet")


class Choice(models.IntegerChoices):
    """What somebody chose for a row; the numbers are the keys for it."""

    SAME = 1, _("it is the same organisation")
    NEW = 2, _("it is another organisation")
    SKIP = 3, _("leave this row out")


class Outcome(models.TextChoices):
    """What became of a row that was taken; empty for what changed nothing."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
