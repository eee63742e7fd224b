"""Pages of chair and deputy: results of the reviews, and the advice of the committee."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Application
from applications.queries import every_application, with_headline
from hubportal.accounts.models import User
from hubportal.accounts.permissions import CHAIRS
from hubportal.kernel.money import ZERO
from hubportal.office.drafting import kept_or_checked, saving_context
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from reviews.admin.access import opened_or_declare
from reviews.admin.forms import AdviceForm
from reviews.advice_queries import (
    advice_draft_on,
    taken_out_of,
    with_their_reviews,
    withdrawn_advice_on,
)
from reviews.domain.advice_drafts import as_typed, save_advice_draft
from reviews.domain.advising import can_be_advised, check_advice
from reviews.domain.results import results_for
from reviews.enums import AssignmentEnd
from reviews.models import AdviceDraft
from reviews.permissions import may_advise, may_answer_withdrawal
from reviews.queries import advice_on, awaiting_advice, complete_reviews, undeclared_awaiting_advice


@require_safe
@only_for(CHAIRS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List the fully reviewed applications, by round."""
    ordered = awaiting_advice(request.user).order_by("review_round__deadline_at", "reference")
    shown = with_headline(every_application()).annotate(has_review_out=Exists(taken_out_of(OuterRef("pk"))))
    chosen = page_of_rows(request, ordered, shown=shown)
    found = results_for(request.user, chosen.object_list)
    listed = [{"application": each, "result": found.get(each.pk)} for each in chosen.object_list]
    context = {
        "page": chosen,
        "rows": listed,
        "undeclared": undeclared_awaiting_advice(request.user).count(),
        "asked": with_their_reviews(may_answer_withdrawal.rows(request.user))[:50],
    }
    return page(request, "admin/reviews/advice_waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def advice(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the reviews of one application, and save a draft of the advice."""
    application = opened_or_declare(request, reference, may_advise)
    if isinstance(application, HttpResponseRedirect):
        return application
    draft = advice_draft_on(application).first()
    form = AdviceForm(
        request.POST if request.method == "POST" else None, initial=_initial(application, draft)
    )

    def act() -> Saved:
        done = save_advice_draft(
            application_id=application.pk,
            typed=form.as_typed(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(done.version, done.saved_at)

    page_of = partial(_page, request, application, draft, form)
    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept, application),
        saved=partial(_saved, request, application, form, page_of),
        page=page_of,
    )


def _initial(application: Application, draft: AdviceDraft | None) -> dict[str, Any]:
    if draft is None:
        return {"seen_version": 0, "amount": application.requested_amount}
    return {**asdict(as_typed(draft)), "seen_version": draft.version}


def _kept(application: Application) -> Kept | None:
    now = advice_draft_on(application).first()
    return Kept(now.version, asdict(as_typed(now)), now.saved_by, now.saved_at) if now else None


def _saved(
    request: StaffRequest,
    application: Application,
    form: AdviceForm,
    page_of: Callable[[SaveOutcome], HttpResponse],
    done: Saved,
) -> HttpResponse:
    return kept_or_checked(
        request,
        form,
        done,
        kept_in_words=_("Saved as a draft. Nothing has been adopted yet."),
        check=partial(_check, application, form, request.user),
        checks_at=reverse("admin:check_advice", args=[application.reference]),
        page_of=page_of,
    )


def _check(application: Application, form: AdviceForm, user: User) -> None:
    typed = form.as_typed()
    check_advice(
        application,
        user,
        outcome=typed.outcome,
        amount=typed.amount or ZERO,
        text=typed.text,
        rank=typed.rank,
    )


def _page(
    request: StaffRequest,
    application: Application,
    draft: AdviceDraft | None,
    form: AdviceForm,
    outcome: SaveOutcome,
) -> HttpResponse:
    if request.method == "POST":
        # Saved just now, here or in another window.
        draft = advice_draft_on(application).first()
    result = results_for(request.user, [application]).get(application.pk)
    fixed = advice_on(application).select_related("decision").first()
    reviews = complete_reviews(request.user, application)
    context = {
        "application": application,
        "form": form,
        **saving_context(request, outcome, draft),
        "fixed": fixed,
        "can_take_back": fixed is not None and not hasattr(fixed, "decision"),
        "withdrawn": withdrawn_advice_on(application),
        "result": result,
        "can_fix": can_be_advised(application, result),
        "reviews": reviews,
        # The mean does not count them; once the advice is fixed it does, and the mark at the review tells.
        "out": sum(each.assignment.ended_because == AssignmentEnd.INTEREST for each in reviews),
        "asked": with_their_reviews(may_answer_withdrawal.rows(request.user)).filter(
            review__assignment__application=application
        ),
    }
    return page(request, "admin/reviews/advice.html", context, status=outcome.status)
