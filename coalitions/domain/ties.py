"""What ties an organisation to the region of a coalition (rule 8)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation
from regions.models import Region


class NotTiedToRegion(RuleViolation):
    """The organisation is not tied to the region (rule 8)."""


def check_tie(
    named: Mapping[str, Any], region: Region, *, works_there: bool, field: str = "works_in_region"
) -> None:
    """Raise ``NotTiedToRegion`` unless the organisation has its seat in the region or works there, as it is named (rule 8).

    Where the map has it active is not asked: the answer would tell (rule 26).
    """
    if not works_there and named["stated_municipality"].region_id != region.pk:
        raise NotTiedToRegion(
            _("%(organisation)s has no ties to the region %(region)s. If it does work there, tell us.")
            % {"organisation": named["stated_name"], "region": region.name},
            field=field,
        )
