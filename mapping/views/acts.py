"""What one did with rows on pages of their own, for the undo of the grid that one comes back to.

What stood in a field before is not kept here: the tab in which it was saved has it (``static/js/undo.js``).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from mapping.enums import ActOnRow
from organisations.models import Organisation
from regions.models import Region

MOST_ACTS = 50
# Of the session, per region: what no grid of it heard yet.
_ACTS = "acts_on_rows"


def act_on(
    request: SignedInRequest, kind: ActOnRow, organisation: Organisation, *, merge_id: int | None = None
) -> dict[str, Any]:
    """Return an act as the grid undoes it: what, with which row, when and by which merge."""
    return {
        "kind": kind.value,
        "row": str(organisation.map_key),
        "at": request.received_at.isoformat(),
        "merge": merge_id,
    }


def note_act(
    request: SignedInRequest,
    region: Region,
    kind: ActOnRow,
    organisation: Organisation,
    *,
    merge_id: int | None = None,
) -> None:
    """Keep an act until the person sees the grid of the region."""
    _note(request, region, act_on(request, kind, organisation, merge_id=merge_id))


def note_saved(
    request: SignedInRequest,
    region: Region,
    organisation: Organisation,
    *,
    seen_version: int,
    names: Iterable[str],
) -> None:
    """Keep that these fields were saved in the form over a version: the tab alone knows what stood there."""
    act = act_on(request, ActOnRow.CHANGED, organisation)
    _note(request, region, act | {"seen": seen_version, "names": sorted(names)})


def note_public(request: SignedInRequest, region: Region, organisation: Organisation) -> None:
    """Keep that an organisation was published or hidden by its button."""
    now, before = ("yes", "no") if organisation.published_at is not None else ("no", "yes")
    act = act_on(request, ActOnRow.CHANGED, organisation)
    _note(request, region, act | {"fields": {"public": {"value": [before], "was": [now]}}})


def note_import(request: SignedInRequest, region: Region, kind: ActOnRow, key: UUID, address: str) -> None:
    """Keep that an import came on the map, or was undone, with the address of its page."""
    at: datetime = request.received_at
    act = {"kind": kind.value, "row": str(key), "at": at.isoformat(), "merge": None, "address": address}
    _note(request, region, act)


def _note(request: SignedInRequest, region: Region, act: dict[str, Any]) -> None:
    acts = request.session.get(_ACTS, {})
    known = [*acts.get(region.slug, []), act]
    request.session[_ACTS] = {**acts, region.slug: known[-MOST_ACTS:]}


def acts_to_undo(request: SignedInRequest, region: Region) -> list[dict[str, Any]]:
    """Return what no grid of the region heard yet, the latest last, once."""
    acts = request.session.get(_ACTS, {})
    if region.slug not in acts:
        return []
    request.session[_ACTS] = {slug: each for slug, each in acts.items() if slug != region.slug}
    found: list[dict[str, Any]] = acts[region.slug]
    return found


def told_back(organisation: Organisation) -> str:
    """Return what is said of an organisation that is back on the map: whether visitors see it, too (rule 23)."""
    if organisation.published_at is None:
        words = _("%(name)s is back on the map, with all that was kept with it. Visitors do not see it.")
    else:
        words = _("%(name)s is back on the map, with all that was kept with it. Visitors see it.")
    return filled_in(words, name=dutch(organisation.name))
