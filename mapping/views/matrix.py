"""The matrix of questions and of who takes part in them: organisations here, people in their own app."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.clock import local_date
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from mapping.enums import ParticipationForm, Plan, QuestionState, QuestionTheme
from mapping.models import ParticipationQuestion
from mapping.question_queries import questions_about
from regions.models import Region

QUESTIONS_PER_PAGE = 25
COLUMNS_PER_PAGE = 20
MOST_LETTERS = 100
LETTERS = {
    ParticipationForm.INFORM: "I",
    ParticipationForm.CONSULT: "R",
    ParticipationForm.ADVISE: "A",
    ParticipationForm.COPRODUCE: "C",
    ParticipationForm.DECIDE: "M",
}
# The key of the one whose column is shown, in the address.
ONE_PARTY = "wie"
NEVER_ASKED, NOBODY_SPEAKS = "kolommen", "rijen"
_EMPTY = {
    NEVER_ASKED: _("only who is never asked"),
    NOBODY_SPEAKS: _("only questions where nobody speaks"),
}


# Of a question and somebody, until when each form lasts.
Cells = dict[tuple[int, str], dict[str, date | None]]


class Party(NamedTuple):
    """Somebody who can take part: the key in addresses, and the name."""

    key: str
    name: str


class Fact(NamedTuple):
    """That somebody takes part in a question, in one form."""

    question: int
    party: str
    form: str
    until_on: date | None


@dataclass(frozen=True)
class Whose:
    """Whose matrix it is: all who can take part, and what is known of that."""

    current: str
    parties: Sequence[Party]
    facts: Iterable[Fact]
    page_of: Callable[[str], str]
    cell_of: Callable[[int, str], str]


@dataclass(frozen=True)
class Mark:
    """One letter in a cell."""

    letter: str
    label: str | Promise
    is_over: bool


@dataclass(frozen=True)
class Cell:
    """What stands where a question and somebody meet."""

    anchor: str
    address: str
    marks: list[Mark]

    @property
    def letters(self) -> str:
        """Return what is seen in it."""
        return " ".join(f"({each.letter})" if each.is_over else each.letter for each in self.marks)

    @property
    def words(self) -> str:
        """Return what is heard of it: the same."""
        ended = _("ended")
        return ", ".join(
            f"{each.label} ({ended})" if each.is_over else str(each.label) for each in self.marks
        )


@dataclass(frozen=True)
class Row:
    """A question with its cells, and how many take part in it now."""

    question: ParticipationQuestion
    cells: list[Cell]
    number: int


@dataclass(frozen=True)
class Column:
    """Somebody with in how many of the questions they take part now, and whether they ever did."""

    party: Party
    address: str
    number: int
    is_never_asked: bool


class Sums(NamedTuple):
    """How many questions there are and in how many nobody speaks, how many can take part and are never asked."""

    questions: int
    silent: int
    parties: int
    never: int


@dataclass(frozen=True)
class Filter:
    """A choice in the address. ``unchosen`` says what holds without one, where that is not everything."""

    name: str
    label: str | Promise
    choices: Sequence[tuple[str, Any]]
    chosen: str
    unchosen: str | Promise = ""


def searched(request: SignedInRequest) -> str:
    """Return by what name columns are searched."""
    return visible(request.GET.get("zoek", "")).strip()[:MOST_LETTERS]


def anchor_of(question_id: int, party: str) -> str:
    """Return what a cell is called on the page."""
    return f"cel-{question_id}-{party}"


def matrix_page(request: SignedInRequest, region: Region, whose: Whose) -> HttpResponse:
    """Show the questions of a region as rows and who can take part as columns, as the address filters them."""
    filters = _filters(request.GET)
    asked = {each.name: each.chosen for each in filters}
    questions = list(questions_about(region, theme=asked["thema"], plan=asked["plan"], state=asked["stand"]))
    cells = _cells(whose.facts, {each.pk for each in questions})
    lasting = [pair for pair, forms in cells.items() if _lasts(forms, local_date(request.received_at))]
    in_question = Counter(question for question, _party in lasting)
    of_party = Counter(party for _question, party in lasting)
    asked_ever = {party for _question, party in cells}
    silent = [each for each in questions if each.pk not in in_question]
    never = [each for each in whose.parties if each.key not in asked_ever]
    empty, one = asked["leeg"], request.GET.get(ONE_PARTY, "")
    page = Paginator(silent if empty == NOBODY_SPEAKS else questions, QUESTIONS_PER_PAGE)
    rows = page.get_page(request.GET.get("page"))
    listed = never if empty == NEVER_ASKED else whose.parties
    found = [each for each in listed if one in {"", each.key}]
    columns = Paginator(found, COLUMNS_PER_PAGE).get_page(request.GET.get("kolommen"))
    cell_of = _cell_maker(request, whose, cells)
    context = {
        "region": region,
        "current": whose.current,
        "page": rows,
        "columns": columns,
        "heads": [
            Column(each, whose.page_of(each.key), of_party[each.key], each.key not in asked_ever)
            for each in columns
        ],
        "rows": [
            Row(each, [cell_of(each, party) for party in columns], in_question[each.pk]) for each in rows
        ],
        "filters": filters,
        "search": searched(request),
        "is_filtered": bool(any(asked.values()) or searched(request) or one),
        "sums": Sums(len(questions), len(silent), len(whose.parties), len(never)),
        "legend": [(LETTERS[each], each.label) for each in ParticipationForm],
    }
    return render(request, "mapping/matrix.html", context)


def _cell_maker(
    request: SignedInRequest, whose: Whose, cells: Cells
) -> Callable[[ParticipationQuestion, Party], Cell]:
    next_query = urlencode({"next": request.get_full_path()})
    today = local_date(request.received_at)

    def cell_of(question: ParticipationQuestion, party: Party) -> Cell:
        forms = cells.get((question.pk, party.key), {})
        address = f"{whose.cell_of(question.pk, party.key)}?{next_query}"
        return Cell(anchor_of(question.pk, party.key), address, _marks(forms, today))

    return cell_of


def _filters(asked: QueryDict) -> list[Filter]:
    lists: list[tuple[str, Any, Any]] = [
        ("thema", _("Theme"), QuestionTheme.choices),
        ("plan", _("Accord or plan"), Plan.choices),
        ("stand", _("State"), QuestionState.choices),
        ("leeg", _("Show"), list(_EMPTY.items())),
    ]
    return [
        Filter(name, label, choices, asked.get(name, "") if asked.get(name) in dict(choices) else "")
        for name, label, choices in lists
    ]


def _cells(facts: Iterable[Fact], questions: set[int]) -> Cells:
    cells: Cells = {}
    for each in facts:
        if each.question in questions:
            cells.setdefault((each.question, each.party), {})[each.form] = each.until_on
    return cells


def _lasts(forms: dict[str, date | None], today: date) -> bool:
    """Tell whether somebody takes part in any form that has not ended."""
    return any(until is None or until >= today for until in forms.values())


def _marks(forms: dict[str, date | None], today: date) -> list[Mark]:
    return [
        Mark(LETTERS[each], each.label, (until := forms[each.value]) is not None and until < today)
        for each in ParticipationForm
        if each.value in forms
    ]
