"""How much one person can make in a day: far more than anybody needs, too little to fill the disk or the office's lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

if TYPE_CHECKING:
    from django.db.models import QuerySet

_A_DAY = timedelta(days=1)


class TooMuch(RuleViolation):
    """Somebody made as much in a day as one person can."""


def check_quota(
    made: QuerySet[Any], *, moment: str, most: int, at: datetime, field: str | None = None
) -> None:
    """Raise ``TooMuch`` where a person made ``most`` rows in the last day; ``moment`` is the column that says when."""
    if made.filter(**{f"{moment}__gt": at - _A_DAY}).count() >= most:
        raise TooMuch(
            _("You have added %(most)d of these in one day. That is the maximum; try again tomorrow.")
            % {"most": most},
            field=field,
        )
