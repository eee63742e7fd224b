"""The budget of a draft as a spreadsheet, to be filled in elsewhere and pasted back onto the page."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.forms.budget import COLUMNS, BudgetLineForm
from applications.models import Application, BudgetLine
from applications.queries.content import budget_of, members_of
from applications.views.access import draft_page
from hubportal.documents.domain.bounded import TooBusy, TooCostly, one_file_at_a_time, run_bounded
from hubportal.kernel.money import plain_amount, plain_hours
from hubportal.middleware import SignedInRequest
from imports.domain.reading import WORKBOOKS

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@draft_page
def budget_sheet(request: SignedInRequest, application: Application) -> HttpResponse:
    """Return the saved lines as XLSX, or a row for each heading where there are none; written in a process of its own."""
    fields = BudgetLineForm.base_fields
    table = {
        "sheet": _("Budget"),
        "headings": [str(fields[name].label) for name in COLUMNS],
        "rows": _rows(application),
    }
    try:
        # So that nobody keeps the files of others waiting.
        with one_file_at_a_time(request.user.pk):
            made = run_bounded(WORKBOOKS, "write", json.dumps(table).encode())
    except (TooBusy, TooCostly):
        messages.error(request, _("The portal is too busy to make a spreadsheet. Try again in a moment."))
        return redirect("applications:budget", application.reference)
    name = f"begroting-{application.reference}.xlsx"
    return HttpResponse(
        made, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _rows(application: Application) -> list[list[str]]:
    if lines := list(budget_of(application)):
        return [_row(each) for each in lines]
    [lead] = [each for each in members_of(application) if each.is_lead]
    return [[each.title, lead.stated_name] for each in application.call.headings.all()]


def _row(line: BudgetLine) -> list[str]:
    """Return a line as cells: text alone, whatever it begins with, so that no program computes with what people wrote."""
    named = [line.heading.title, line.participation.stated_name, line.description]
    if line.hours is None or line.rate is None:
        return [*named, "", "", plain_amount(line.amount)]
    return [*named, plain_hours(line.hours), plain_amount(line.rate), plain_amount(line.amount)]
