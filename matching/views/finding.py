"""Who looks for whom: on which questions an organisation wants to be found, and by whom it then is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from matching.domain.finding_each_other import looking_of, no_longer_be_found, want_to_be_found
from matching.forms import FoundForm
from matching.found_queries import questions_for, wish_of
from matching.permissions import may_be_found, may_withdraw_wish
from organisations.models import Organisation
from organisations.queries import own_representation


@login_required
@require_safe
def found(request: SignedInRequest, organisation_id: int) -> HttpResponse:
    """List the questions on which an organisation can be found; 404 unless the person is proved to speak for it."""
    organisation = get_object_or_404(may_withdraw_wish.rows(request.user), pk=organisation_id)
    is_public = may_be_found.allows(request.user, organisation)
    today = local_date(request.received_at)
    context = {
        "organisation": organisation,
        "name": own_representation(request.user, organisation).stated_name,
        "is_public": is_public,
        "looking": looking_of(organisation, user=request.user, today=today) if is_public else [],
    }
    return render(request, "matching/found.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found_on(request: SignedInRequest, organisation_id: int, question_id: int) -> HttpResponse:
    """Show what others will read on a question, then say whether the organisation wants to be found there."""
    organisation = get_object_or_404(may_be_found.rows(request.user), pk=organisation_id)
    questions = questions_for(organisation, today=local_date(request.received_at))
    question = get_object_or_404(questions, pk=question_id)
    wish = wish_of(organisation, question.pk)
    said = ("showing" if wish.shows_name else "looking") if wish else "no"
    form = FoundForm(
        request.POST if request.method == "POST" else None,
        initial={"choice": said, "contact": wish.contact if wish else ""},
    )
    if form.is_valid():
        try:
            _say(request, organisation, question.pk, **form.cleaned_data)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("Your choice has been saved. You can change it at any time."))
            if form.cleaned_data["choice"] != "showing" and form.cleaned_data["contact"]:
                words = _(
                    "How others can reach you has not been kept: only who reads your name would read it."
                )
                messages.info(request, words)
            return redirect("matching:found", organisation.pk)
    context = {"organisation": organisation, "question": question, "form": form}
    return render(request, "matching/found_on.html", context, status=422 if form.errors else 200)


def _say(
    request: SignedInRequest, organisation: Organisation, question_id: int, *, choice: str, contact: str
) -> None:
    which = {"organisation_id": organisation.pk, "question_id": question_id}
    if choice == "no":
        no_longer_be_found(**which, actor=request.user, at=request.received_at)
    else:
        want_to_be_found(
            **which,
            shows_name=choice == "showing",
            contact=contact,
            actor=request.user,
            at=request.received_at,
        )
