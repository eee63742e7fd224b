"""The acts of retention that are recorded: numbers and kinds, never content."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from retention.enums import DataKind, RowOutcome

_KIND = Fact("kind", _("kind of data"), dict(DataKind.choices))
REPORTED = Act("retention.reported", _("data past their retention period listed"), (_KIND,))
APPROVED = Act("retention.approved", _("destruction approved"), (_KIND,))
TAKEN_BACK = Act("retention.taken_back", _("destruction taken back"), (_KIND,))
ROW_DONE = Act(
    "retention.row_done",
    _("destruction of one row carried out"),
    (
        _KIND,
        Fact("row", _("row")),
        Fact("outcome", _("what became of it"), dict(RowOutcome.choices)),
    ),
)
DECLARED = Act("retention.declared", _("destruction declared"), (_KIND,))
