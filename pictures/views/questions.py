"""Questions by form of participation: the picture of a kwartiermaker, and what is public of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping.enums import ParticipationForm, Plan, QuestionState, QuestionTheme
from mapping.models import ParticipationQuestion
from mapping.question_queries import engagements_in, questions_about
from organisations.queries import public_organisations_in
from pictures.domain.drawn_grids import drawn
from pictures.domain.grids import Cell, Grid, Row, shade_of
from pictures.domain.participation import Involved, Told, involved_by_question, told_in_public
from pictures.queries import involved_in_public, involved_now, public_questions
from pictures.views.made import Made, select
from regions.models import Region

MOST_QUESTIONS = 60
_SHORT = {
    ParticipationForm.INFORM: gettext_lazy("Inform"),
    ParticipationForm.CONSULT: gettext_lazy("Consult"),
    ParticipationForm.ADVISE: gettext_lazy("Advise"),
    ParticipationForm.COPRODUCE: gettext_lazy("Co-produce"),
    ParticipationForm.DECIDE: gettext_lazy("Decide together"),
}
_ALSO_ENDED = "ook"
_LABEL, _CELL = 300, 108


def of_map(region: Region, asked: QueryDict, *, today: date) -> Made:
    """Return the picture of the questions of a region that the address lets through, with who takes part on its map."""
    filters = [
        select("thema", _("Theme"), QuestionTheme.choices, asked),
        select("plan", _("Accord or plan"), Plan.choices, asked),
        select("stand", _("State"), QuestionState.choices, asked),
        select(
            "voorbij", _("What ended"), [(_ALSO_ENDED, _("counts too"))], asked, unchosen=_("does not count")
        ),
    ]
    theme, plan, state, ended = (each.chosen for each in filters)
    questions = list(questions_about(region, theme=theme, plan=plan, state=state))
    known = engagements_in(region) if ended else involved_now(region, today=today)
    involved = involved_by_question(known.values_list("question", "organisation", "form"))
    silent = sum(each.pk not in involved for each in questions)
    told = ngettext(
        "In %(silent)d of %(number)d question no organisation takes part.",
        "In %(silent)d of %(number)d questions no organisation takes part.",
        len(questions),
    ) % {"silent": silent, "number": len(questions)}
    notes = [_("Organisations are counted, people are not."), *_left_out(questions, can_choose=True)]
    grid = _grid(
        region,
        questions,
        involved,
        told=[told],
        notes=notes,
        told_of=_all_told,
        address=lambda each: reverse("mapping:question", args=[region.slug, each.pk]),
    )
    empty = "" if questions else _("There are no questions to show.")
    return Made(grid, drawn(grid, label_width=_LABEL, cell_width=_CELL), "grid", filters, empty)


def of_public(region: Region, *, today: date) -> Made:
    """Return the picture of the public questions, with how many public organisations take part, where those are not few."""
    questions = list(public_questions(region, today=today))
    whole = public_organisations_in(region).count()
    known = involved_in_public(region, today=today)
    involved = involved_by_question(known.values_list("question", "organisation", "form"))
    told = ngettext(
        "%(number)d question in which you can have a say.",
        "%(number)d questions in which you can have a say.",
        len(questions),
    ) % {"number": len(questions)}
    notes = [
        _("Public organisations are counted, people are not."),
        _("A dash tells nothing: it stands where so few or nearly all take part that one could guess who."),
        *_left_out(questions, can_choose=False),
    ]
    grid = _grid(
        region,
        questions,
        involved,
        told=[told],
        notes=notes,
        told_of=lambda each: told_in_public(each, whole),
        address=lambda _each: "",
    )
    empty = "" if questions else _("There are no questions to show.")
    return Made(grid, drawn(grid, label_width=_LABEL, cell_width=_CELL), "grid", empty=empty)


def _left_out(questions: Sequence[ParticipationQuestion], *, can_choose: bool) -> list[str]:
    left = len(questions) - MOST_QUESTIONS
    if left <= 0:
        return []
    told = ngettext("%(number)d more question is left out.", "%(number)d more questions are left out.", left)
    told %= {"number": left}
    fewer = _("Choose a theme or plan to see fewer at once.")
    return [f"{told} {fewer}" if can_choose else told]


def _grid(
    region: Region,
    questions: Sequence[ParticipationQuestion],
    involved: Mapping[int, Involved],
    *,
    told: list[str],
    notes: list[str],
    told_of: Callable[[Involved], Told],
    address: Callable[[ParticipationQuestion], str],
) -> Grid:
    rows = []
    for each in questions[:MOST_QUESTIONS]:
        here = told_of(involved.get(each.pk, Involved()))
        cells = [_cell(f"{each.title}, {_SHORT[form]}", here.forms[form.value]) for form in ParticipationForm]
        every = _cell(f"{each.title}, {_('All organisations')}", here.everybody)
        rows.append(Row(each.title, [*cells, every], address(each)))
    return Grid(
        title=_("Questions and forms of participation in %(region)s") % {"region": region.name},
        told=told,
        corner=_("Question"),
        columns=[*(str(_SHORT[each]) for each in ParticipationForm), _("All organisations")],
        rows=rows,
        notes=notes,
    )


def _all_told(involved: Involved) -> Told:
    numbers = {form: len(organisations) for form, organisations in involved.forms.items()}
    return Told(numbers, len(involved.everybody))


def _cell(where: str, number: int | None) -> Cell:
    if number is None:
        hidden = _("not told")
        return Cell("–", f"{where}: {hidden}")
    words = ngettext("%(number)d organisation", "%(number)d organisations", number) % {"number": number}
    return Cell(str(number), f"{where}: {words}", shade_of(number))
