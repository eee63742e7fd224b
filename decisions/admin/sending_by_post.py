"""Letting a letter that came back go on paper, after a look at where it goes and what that starts (rules 30 and 34)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from decisions.admin.forms import SendByPostForm
from decisions.domain.returned_letters import OtherMail, postal_address_of, send_letter_by_post
from decisions.models import Decision
from decisions.permissions import may_send_letter_anew
from decisions.queries import decisions_visible_to
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from letters.queries import current, did_not_arrive
from reviews.admin.seen import changed_meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def send_by_post(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why, show where the letter goes and from when its term runs, and let it wait for the post."""
    opened = may_send_letter_anew.rows(request.user).values("pk")
    decision = get_object_or_404(
        decisions_visible_to(request.user).select_related("application__frozen", "letter"),
        application__reference=reference,
        application__in=opened,
    )
    letter = current(decision.letter) if decision.letter else None
    if letter is None or not did_not_arrive(letter):
        messages.info(request, _("This letter is on its way or has arrived, so it is not sent once more."))
        return redirect("admin:letter", reference)
    address = postal_address_of(decision, letter)
    form = SendByPostForm(
        request.POST if request.method == "POST" else None, initial={"seen": letter.mail_id}
    )
    is_checked = request.method == "POST" and form.is_valid() and "back" not in request.POST
    if is_checked and "send" in request.POST and (done := _send(request, decision, form)):
        return done
    context = {
        "application": decision.application,
        "letter": letter,
        "address": address,
        "form": form,
        "checked": form.cleaned_data if is_checked and not form.errors else None,
    }
    return page(
        request, "admin/decisions/send_letter_by_post.html", context, status=422 if form.errors else 200
    )


def _send(request: StaffRequest, decision: Decision, form: SendByPostForm) -> HttpResponse | None:
    """Let it wait for the post; nothing where the form says why not."""
    reference, typed = decision.application.reference, dict[str, Any](form.cleaned_data)
    try:
        send_letter_by_post(
            decision_id=decision.pk,
            seen_mail=typed["seen"],
            reason=typed["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except OtherMail:
        changed_meanwhile(request)
        return redirect("admin:letter", reference)
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return None
    messages.success(request, _("The letter goes on paper, and now waits for an officer who posts it."))
    return redirect("admin:letter", reference)
