"""What the office does about a partner's copy of a letter that came back, after a look at what will go where (rule 30)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from decisions.admin.forms import ReturnedCopyForm
from decisions.domain.returned_copies import addresses_for_copy, settle_returned_copy
from decisions.models import Decision
from decisions.permissions import may_send_letter_anew
from decisions.queries import decisions_visible_to
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from letters.domain.returned_copies import CopyNotBack
from letters.models import Recipient
from letters.queries import copies_of, copies_that_came_back, current
from reviews.admin.seen import changed_meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def returned_copy(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Ask where a copy goes, or that it is put aside, and why; show it, and do it. ``number`` counts the copies from 1."""
    opened = may_send_letter_anew.rows(request.user).values("pk")
    decision = get_object_or_404(
        decisions_visible_to(request.user).select_related("application__frozen", "letter"),
        application__reference=reference,
        application__in=opened,
        letter__document__isnull=False,
    )
    assert decision.letter is not None
    letter = current(decision.letter)
    copies = list(copies_of(letter))
    if not 0 < number <= len(copies):
        raise Http404
    recipient = copies[number - 1]
    if letter.sent_at is None or not copies_that_came_back(letter).filter(pk=recipient.pk).exists():
        messages.info(request, _("This copy is not waiting for anybody now. Look again."))
        return redirect("admin:letter", reference)
    form = ReturnedCopyForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": recipient.mail_id},
        addresses=addresses_for_copy(decision, recipient, request.user),
    )
    is_checked = request.method == "POST" and form.is_valid() and "back" not in request.POST
    if is_checked and "send" in request.POST and (done := _settle(request, decision, recipient, form)):
        return done
    context = {
        "application": decision.application,
        "recipient": recipient,
        "form": form,
        "checked": form.cleaned_data if is_checked and not form.errors else None,
        "is_put_aside": is_checked and form.cleaned_data["email"] == form.ASIDE,
    }
    return page(request, "admin/decisions/returned_copy.html", context, status=422 if form.errors else 200)


def _settle(
    request: StaffRequest, decision: Decision, recipient: Recipient, form: ReturnedCopyForm
) -> HttpResponse | None:
    """Send it or put it aside; nothing where the form says why not."""
    reference, typed = decision.application.reference, dict[str, Any](form.cleaned_data)
    email = "" if typed["email"] == form.ASIDE else typed["email"]
    try:
        settle_returned_copy(
            decision_id=decision.pk,
            recipient_id=recipient.pk,
            seen_mail=typed["seen"],
            email=email,
            reason=typed["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except CopyNotBack:
        changed_meanwhile(request)
        return redirect("admin:letter", reference)
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return None
    told = (
        _("The copy is being sent once more.")
        if email
        else _("The copy has been put aside, with the reason.")
    )
    messages.success(request, told)
    return redirect("admin:letter", reference)
