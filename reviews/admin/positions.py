"""Pages on which employers and board seats are noted: they tie a person to organisations (rule 14)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, ASSESSORS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from reviews.admin.forms import PositionForm
from reviews.domain.interests import check_named, end_affiliation, note_affiliation
from reviews.enums import AffiliationKind
from reviews.interest_queries import positions_of
from reviews.models import Affiliation
from reviews.permissions import may_end_position, may_note_positions


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(ASSESSORS)
def own(request: StaffRequest) -> HttpResponse:
    """Show the person's own positions, and note one more."""
    return _positions(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(ADMINISTRATORS)
def of_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Show somebody's positions, note one more or end one."""
    person = get_object_or_404(may_note_positions.rows(request.user), pk=pk)
    if "end" in request.POST:
        return _end(request, may_end_position.rows(request.user).filter(user=person))
    return _positions(request, person)


def _positions(request: StaffRequest, person: User) -> HttpResponse:
    rows = positions_of(person)
    form = PositionForm(request.POST if request.method == "POST" else None)
    is_checked = request.method == "POST" and form.is_valid() and _is_named(form)
    if is_checked and "record" in request.POST and _note(request, person, form):
        return redirect(request.path)
    # What is typed binds once its own page was read: a number that is mistyped closes, and only the chair opens (rule 30).
    shows_check = is_checked and "back" not in request.POST and not form.errors
    context = {
        "checked": form.cleaned_data if shows_check else None,
        "kind": AffiliationKind(form.cleaned_data["kind"]).label if shows_check else "",
        "person": person,
        "is_own": person.pk == request.user.pk,
        "positions": rows.annotate(may_end=may_end_position.on_each(request.user))[:200],
        "form": form,
    }
    return page(request, "admin/reviews/positions.html", context, status=422 if form.errors else 200)


def _end(request: StaffRequest, positions: QuerySet[Affiliation]) -> HttpResponse:
    try:
        ended = forms.ModelChoiceField(positions).clean(request.POST["end"])
    except ValidationError as unknown:
        raise Http404 from unknown
    end_affiliation(affiliation_id=ended.pk, actor=request.user, at=request.received_at)
    messages.success(request, _("The position has ended. Applications that it closed remain closed."))
    return redirect(request.path)


def _is_named(form: PositionForm) -> bool:
    """Tell whether a position says enough of where it is; the form says what lacks."""
    named = {each: form.cleaned_data[each] for each in ("kvk_number", "name", "country")}
    try:
        check_named(**named)
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def _note(request: StaffRequest, person: User, form: PositionForm) -> bool:
    # The same answer whether or not the portal knows the organisation: it may take part in what is no one's business.
    try:
        note_affiliation(
            user=person,
            kvk_number=form.cleaned_data["kvk_number"],
            name=form.cleaned_data["name"],
            country=form.cleaned_data["country"],
            kind=AffiliationKind(form.cleaned_data["kind"]),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(
        request,
        _(
            "Recorded. Applications in which this organisation takes part are closed to this person, now and later."
        ),
    )
    return True
