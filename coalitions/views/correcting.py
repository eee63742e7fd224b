"""Correcting how one named the organisation that one speaks for, and a coalition."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.domain.correcting import correct_own_organisation, rename_coalition
from coalitions.forms import RenameForm
from coalitions.permissions import may_lead
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at
from organisations.forms import NamingForm
from organisations.permissions import may_correct
from organisations.queries import with_people


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_organisation(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Correct the name, form or seat; what was typed stays where it is refused."""
    mine = get_object_or_404(with_people(may_correct.rows(request.user)), pk=representative_id)
    form = NamingForm.of(mine, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            corrected = correct_own_organisation(
                representative_id=mine.pk, facts=form.facts(), actor=request.user, at=whole_at(request)
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(
                request,
                filled_in(
                    _("From now on your organisation is called %(organisation)s here."),
                    organisation=dutch(corrected.stated_name),
                ),
            )
            return redirect("organisations:my_organisations")
    context = {"representative": mine, "form": form}
    return render(
        request, "coalitions/correct_organisation.html", context, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Give a coalition another name; what was typed stays where it is refused."""
    coalition = get_object_or_404(may_lead.rows(request.user), pk=coalition_id)
    initial = {"name": coalition.name, "seen": coalition.name}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            rename_coalition(
                coalition_id=coalition.pk,
                **form.cleaned_data,
                actor=request.user,
                at=whole_at(request),
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
            coalition.refresh_from_db()
            form.show_seen(coalition.name)
        else:
            messages.success(request, _("The coalition has its new name."))
            return redirect("coalitions:detail", coalition.pk)
    return render(
        request,
        "coalitions/rename.html",
        {"coalition": coalition, "form": form},
        status=422 if form.errors else 200,
    )
