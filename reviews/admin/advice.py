"""Pages of chair and deputy: results of the reviews, and the advice of the committee."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Application
from applications.queries import every_application, with_headline
from calls.enums import Outcome
from hubportal.accounts.permissions import CHAIRS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from reviews.admin.access import opened_or_declare
from reviews.admin.forms import AdviceForm
from reviews.domain.advising import can_be_advised, fix_advice
from reviews.domain.results import results_for
from reviews.permissions import may_advise
from reviews.queries import advice_on, awaiting_advice, complete_reviews, undeclared_awaiting_advice


@require_safe
@only_for(CHAIRS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List the fully reviewed applications, by round."""
    ordered = awaiting_advice(request.user).order_by("review_round__deadline_at", "reference")
    chosen = page_of_rows(request, ordered, shown=with_headline(every_application()))
    found = results_for(request.user, chosen.object_list)
    listed = [{"application": each, "result": found.get(each.pk)} for each in chosen.object_list]
    context = {
        "page": chosen,
        "rows": listed,
        "undeclared": undeclared_awaiting_advice(request.user).count(),
    }
    return page(request, "admin/reviews/advice_waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def advice(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the reviews of one application, and fix the advice."""
    application = opened_or_declare(request, reference, may_advise)
    if isinstance(application, HttpResponseRedirect):
        return application
    form = AdviceForm(
        request.POST if request.method == "POST" else None, initial={"amount": application.requested_amount}
    )
    if request.method == "POST" and form.is_valid() and _fix(request, application, form):
        return redirect("admin:advice", reference)
    result = results_for(request.user, [application]).get(application.pk)
    context = {
        "application": application,
        "form": form,
        "fixed": advice_on(application).first(),
        "result": result,
        "can_fix": can_be_advised(application, result),
        "reviews": complete_reviews(request.user, application),
    }
    return page(request, "admin/reviews/advice.html", context, status=422 if form.errors else 200)


def _fix(request: StaffRequest, application: Application, form: AdviceForm) -> bool:
    typed = form.cleaned_data
    try:
        fixed = fix_advice(
            application_id=application.pk,
            outcome=Outcome(typed["outcome"]),
            amount=typed["amount"] or ZERO,
            text=typed["text"],
            rank=typed["rank"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    amount = typed["amount"] if typed["outcome"] == Outcome.GRANTED else ZERO
    is_same = (fixed.text, fixed.outcome, fixed.amount, fixed.rank) == (
        typed["text"],
        typed["outcome"],
        amount,
        typed["rank"],
    )
    if is_same and fixed.fixed_by_id == request.user.pk:
        messages.success(request, _("The advice has been adopted."))
        return True
    who = _(
        "%(name)s adopted the advice before you. It is shown here; what you typed was not included in it."
    )
    form.add_error(None, who % {"name": fixed.fixed_by})
    return False
