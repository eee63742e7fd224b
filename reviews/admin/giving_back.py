"""Page of chair and deputy on which a reviewer is answered who asks to take a review back (rules 16 and 30)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.accounts.permissions import CHAIRS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.office.pages import StaffRequest, only_for, page
from reviews.admin.forms import AnswerForm
from reviews.advice_queries import with_their_reviews
from reviews.domain.advice_shown import digest_of_request
from reviews.domain.asking_back import answer_withdrawal
from reviews.models import WithdrawalRequest
from reviews.permissions import may_answer_withdrawal
from reviews.queries import complete_reviews


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what a reviewer asks beside all reviews, and answer it."""
    asked = get_object_or_404(with_their_reviews(may_answer_withdrawal.rows(request.user)), pk=pk)
    application = asked.review.assignment.application
    # Before what is shown is read: what changes in between is then not taken for seen.
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"seen": digest_of_request(asked)}
    )
    if request.method == "POST" and form.is_valid() and _answer(request, asked, form):
        return redirect("admin:advice", application.reference)
    context = {
        "asked": asked,
        "application": application,
        "form": form,
        "reviews": complete_reviews(request.user, application),
    }
    return page(request, "admin/reviews/answer_withdrawal.html", context, status=422 if form.errors else 200)


def _answer(request: StaffRequest, asked: WithdrawalRequest, form: AnswerForm) -> bool:
    try:
        answer_withdrawal(
            request_id=asked.pk,
            **form.cleaned_data,
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        if isinstance(refusal, NewerVersion):
            form.show_seen(digest_of_request(asked))
        return False
    if form.cleaned_data["is_allowed"]:
        told = _("The reviewer can change the review now. Until it is in again, it does not count.")
    else:
        told = _("The review stays as it is. The reviewer sees your answer.")
    messages.success(request, told)
    return True
