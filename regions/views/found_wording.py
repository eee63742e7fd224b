"""What pages say of how a region was found."""

from typing import Any

from django.utils.translation import gettext as _

from hubportal.kernel.languages import dutch, filled_in
from regions.enums import FoundBy, PlaceKind
from regions.finding import FoundRegion, Hit

# Of one region; a beginning of two letters finds dozens.
MOST_TOLD = 6


def rows_of(found: list[FoundRegion]) -> list[dict[str, Any]]:
    """Return the regions that were found, each with a line for what it was found by, and whether there are more."""
    told = [(each.region, lines_of(each.hits)) for each in found]
    return [
        {"region": region, "lines": lines[:MOST_TOLD], "has_more": len(lines) > MOST_TOLD}
        for region, lines in told
    ]


def lines_of(hits: list[Hit]) -> list[str]:
    """Return a sentence for each different thing that a region was found by."""
    names = {hit.name.name for hit in hits if hit.name and not hit.name.stands_for}
    # Another name says nothing more where what it stands for is told by its own.
    worth_telling = [hit for hit in hits if not (hit.name and hit.name.stands_for in names)]
    return list(dict.fromkeys(filter(None, map(_line, worth_telling))))


def _line(hit: Hit) -> str:
    values = {
        "name": dutch(hit.name.name if hit.name else ""),
        "meant": dutch(hit.name.stands_for if hit.name else ""),
        "municipality": dutch(hit.municipality.name if hit.municipality else ""),
    }
    line = filled_in(_sentence(hit), **values)
    return filled_in(_("Did you mean this? %(line)s"), line=line) if hit.by == FoundBy.SPELLING else line


def _sentence(hit: Hit) -> str:
    if hit.name is None:
        return _("This postcode lies in the municipality of %(municipality)s.")
    kind = PlaceKind(hit.name.kind)
    if kind == PlaceKind.PLACE and hit.municipality and hit.municipality.name == hit.name.name:
        kind = PlaceKind.MUNICIPALITY
    if kind == PlaceKind.OTHER and hit.municipality and hit.municipality.name != hit.name.stands_for:
        return _("%(name)s is another name for %(meant)s, in the municipality of %(municipality)s.")
    return {
        PlaceKind.REGION: _("The region %(name)s."),
        PlaceKind.MUNICIPALITY: _("The municipality of %(name)s."),
        PlaceKind.PLACE: _("%(name)s, in the municipality of %(municipality)s."),
        PlaceKind.OTHER: _("%(name)s is another name for %(meant)s."),
        PlaceKind.FORMER: _(
            "%(name)s was a municipality, and now lies in the municipality of %(municipality)s."
        ),
        PlaceKind.PROVINCE: _("Lies in the province of %(name)s."),
    }[kind]
