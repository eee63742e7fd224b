"""The columns of the map, and what stands in each cell of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubportal.kernel.languages import dutch, filled_in
from mapping.cards import card_of
from mapping.domain.rows import row_version
from mapping.enums import AgreementState, TalkState, TieKind
from mapping.forms.fields import names_of
from mapping.models import MapEntry
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.models import Organisation
from organisations.streams import Stream

# Longer notes are read in the form.
NOTES_SHOWN = 120


@dataclass(frozen=True)
class Column:
    """A column; ``order`` is what it is called in the address when the rows are ordered by it."""

    field: str
    label: str | Promise
    editor: str = "text"
    order: str = ""
    labels: Mapping[str, Any] | None = None


_STREAMS, _ROLES, _REACH = dict(Stream.choices), dict(ActorRole.choices), dict(Reach.choices)
_DOMAINS, _TALK = dict(CareDomain.choices), dict(TalkState.choices)
_PUBLIC = {"yes": gettext_lazy("public"), "no": gettext_lazy("not public")}

COLUMNS = (
    Column("name", gettext_lazy("Name"), order="naam"),
    Column("kind", gettext_lazy("Kind"), "choice", order="soort"),
    Column("streams", gettext_lazy("Streams"), "several", labels=_STREAMS),
    Column("role", gettext_lazy("Role"), "choice", order="rol", labels=_ROLES),
    Column("reach", gettext_lazy("Reach"), "choice", order="bereik", labels=_REACH),
    Column("reaches", gettext_lazy("Municipalities")),
    Column("neighbourhood", gettext_lazy("Neighbourhood or village")),
    Column("domains", gettext_lazy("Domains"), "several", labels=_DOMAINS),
    Column("other_names", gettext_lazy("Other names")),
    Column("kvk_number", gettext_lazy("KvK number")),
    Column("website", gettext_lazy("Website")),
    Column("public_contact", gettext_lazy("Public contact")),
    Column("host", gettext_lazy("Part of"), ""),
    Column("ties", gettext_lazy("Ties"), ""),
    Column("talk", gettext_lazy("The talk"), "choice", order="gesprek", labels=_TALK),
    Column("next_on", gettext_lazy("Next date"), "day", order="datum"),
    Column("notes", gettext_lazy("Notes"), "long"),
    Column("missing", gettext_lazy("Still missing"), ""),
    Column("public", gettext_lazy("Public"), "choice", order="openbaar", labels=_PUBLIC),
)
COLUMN_OF = {each.field: each for each in COLUMNS}
_WRITTEN_IN_DUTCH = {"name", "other_names", "reaches", "neighbourhood", "public_contact", "notes"}


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and where that differs, what is edited in it."""

    column: Column
    text: str
    raw: str = ""

    @property
    def is_of_ties(self) -> bool:
        """Tell whether it is written on the page of ties."""
        return self.column.field in {"host", "ties"}

    @property
    def is_public(self) -> bool:
        """Tell whether this is the cell that says that a row is public."""
        return self.raw == "yes" and self.column.field == "public"


@dataclass(frozen=True)
class Row:
    """A row of the map as the page shows it."""

    organisation: Organisation
    version: int
    cells: list[Cell]


def row_of(organisation: Organisation, entry: MapEntry) -> Row:
    """Return a row of the map."""
    cells = [cell_of(column, organisation, entry) for column in COLUMNS]
    return Row(organisation, row_version(organisation, entry), cells)


def missing_of(facts: Mapping[str, Any]) -> list[str]:
    """Return the fields without which a row says too little."""
    without = [] if facts["kind_code"] else ["kind"]
    without += [name for name in ("streams", "role", "reach", "domains") if not facts[name]]
    is_local = facts["reach"] in {Reach.MUNICIPALITIES, Reach.NEIGHBOURHOOD}
    if is_local and not facts["reached"]:
        without.append("reaches")
    if not (facts["public_contact"] or facts["website"]):
        without.append("public_contact")
    return without if facts["talk"] else [*without, "talk"]


def cell_of(column: Column, organisation: Organisation, entry: MapEntry) -> Cell:
    """Return what stands in one cell of a row."""
    if special := _SPECIAL.get(column.field):
        text, raw = special(organisation, entry)
        return Cell(column, text, raw)
    value = getattr(entry if column.field == "talk" else organisation, column.field)
    if column.labels is None:
        return Cell(column, dutch(value) if column.field in _WRITTEN_IN_DUTCH else value)
    chosen = value if isinstance(value, list) else [value]
    text = ", ".join(str(column.labels[each]) for each in chosen if each)
    return Cell(column, text, ",".join(chosen))


def _kind(organisation: Organisation, _entry: MapEntry) -> tuple[str, str]:
    return (str(organisation.kind), organisation.kind.code) if organisation.kind else ("", "")


def _reaches(organisation: Organisation, _entry: MapEntry) -> tuple[str, str]:
    return dutch(names_of(organisation.reaches.all())), ""


def _next_on(_organisation: Organisation, entry: MapEntry) -> tuple[str, str]:
    return (date_format(entry.next_on, "d-m-Y"), entry.next_on.isoformat()) if entry.next_on else ("", "")


def _notes(_organisation: Organisation, entry: MapEntry) -> tuple[str, str]:
    line = " ".join(entry.notes.split())
    shown = line if len(line) <= NOTES_SHOWN else f"{line[:NOTES_SHOWN]}…"
    return dutch(shown), entry.notes if entry.notes != shown else ""


def _missing(organisation: Organisation, entry: MapEntry) -> tuple[str, str]:
    facts = {
        **vars(organisation),
        "kind_code": organisation.kind,
        "reached": organisation.reaches.all(),
        "talk": entry.talk,
    }
    missing = missing_of(facts)
    return ", ".join(str(COLUMN_OF[each].label).lower() for each in missing) or _("nothing"), ",".join(
        missing
    )


def _public(organisation: Organisation, entry: MapEntry) -> tuple[str, str]:
    raw = "yes" if organisation.published_at else "no"
    return f"{_PUBLIC[raw]}{_answer(organisation, entry)}", raw


def _answer(organisation: Organisation, entry: MapEntry) -> str:
    """Return what the organisation said of being public, as far as the region may know; empty where that is nothing."""
    said = list(organisation.publishing_requests.all())
    here = [each for each in said if each.region_id == entry.region_id]
    if any(each.waits_for_kwartiermaker for each in here):
        return _(", corrected its text: take it over")
    if agreement := next((each for each in said if each.is_in_force), None):
        same = agreement.text_digest == card_of(organisation).digest
        return _(", agreed") if same else _(", changed since it agreed")
    if said and said[0].is_refusal:
        return _(", declined")
    return _(", asked") if any(each.state == AgreementState.ASKED for each in here) else ""


def _host(organisation: Organisation, _entry: MapEntry) -> tuple[str, str]:
    hosts = [dutch(tie["other"]["name"]) for tie in _ties(organisation) if _is_host(tie, organisation)]
    return format_html_join(", ", "{}", ((each,) for each in hosts)), ""


def _other_ties(organisation: Organisation, _entry: MapEntry) -> tuple[str, str]:
    ties = [tie for tie in _ties(organisation) if not _is_host(tie, organisation)]
    return format_html_join("; ", "{}", ((_tie_in_words(each, organisation),) for each in ties)), ""


def _ties(organisation: Organisation) -> list[dict[str, Any]]:
    """Return the ties of an organisation that was read with ``with_ties``, in order; none of another one."""
    ties: list[dict[str, Any]] = getattr(organisation, "known_ties", [])
    return sorted(
        ties,
        key=lambda tie: (tie["kind"], tie["one"]["sort_name"], tie["other"]["sort_name"], tie["one"]["pk"]),
    )


def _is_host(tie: Mapping[str, Any], organisation: Organisation) -> bool:
    return bool(tie["kind"] == TieKind.PART_OF and tie["one"]["pk"] == organisation.pk)


def _tie_in_words(tie: Mapping[str, Any], organisation: Organisation) -> str:
    one, other, kind = tie["one"], tie["other"], TieKind(tie["kind"]).label
    if one["pk"] == organisation.pk:
        words = filled_in("%(kind)s %(name)s", kind=kind, name=dutch(other["name"]))
    else:
        words = filled_in(_("%(name)s %(kind)s this one"), kind=kind, name=dutch(one["name"]))
    is_across = one["role"] and other["role"] and one["role"] != other["role"]
    return filled_in(_("%(tie)s (across worlds)"), tie=words) if is_across else words


_SPECIAL: dict[str, Callable[[Organisation, MapEntry], tuple[str, str]]] = {
    "kind": _kind,
    "reaches": _reaches,
    "next_on": _next_on,
    "notes": _notes,
    "host": _host,
    "ties": _other_ties,
    "missing": _missing,
    "public": _public,
}
