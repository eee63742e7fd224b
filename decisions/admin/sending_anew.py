"""Sending a letter that came back once more, to the same or another address, after a look at what will go where."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from decisions.admin.forms import SendAnewForm
from decisions.domain.returned_letters import OtherMail, addresses_for, send_letter_anew
from decisions.models import Decision
from decisions.permissions import may_send_letter_anew
from decisions.queries import decisions_visible_to
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from letters.enums import Part
from letters.queries import current, did_not_arrive
from reviews.admin.seen import changed_meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def send_anew(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask to which address and why, show what goes there, and have it sent."""
    opened = may_send_letter_anew.rows(request.user).values("pk")
    decision = get_object_or_404(
        decisions_visible_to(request.user).select_related(
            "application__call", "application__coalition", "application__frozen", "letter"
        ),
        application__reference=reference,
        application__in=opened,
    )
    letter = current(decision.letter) if decision.letter else None
    if letter is None or not did_not_arrive(letter):
        messages.info(request, _("This letter is on its way or has arrived, so it is not sent once more."))
        return redirect("admin:letter", reference)
    recipient = letter.recipients.get(part=Part.ORIGINAL)
    initial = {"email": recipient.email, "seen": letter.mail_id}
    form = SendAnewForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        addresses=addresses_for(decision, letter, request.user),
    )
    is_checked = request.method == "POST" and form.is_valid() and "back" not in request.POST
    if is_checked and "send" in request.POST and (done := _send(request, decision, form)):
        return done
    context = {
        "application": decision.application,
        "letter": letter,
        "recipient": recipient,
        "form": form,
        "checked": form.cleaned_data if is_checked and not form.errors else None,
    }
    return page(request, "admin/decisions/send_letter_anew.html", context, status=422 if form.errors else 200)


def _send(request: StaffRequest, decision: Decision, form: SendAnewForm) -> HttpResponse | None:
    """Have it sent; nothing where the form says why not."""
    reference, typed = decision.application.reference, dict[str, Any](form.cleaned_data)
    try:
        send_letter_anew(
            decision_id=decision.pk,
            seen_mail=typed["seen"],
            email=typed["email"],
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
    messages.success(
        request,
        _("The letter will be sent once more automatically, with the date of the day on which it goes."),
    )
    return redirect("admin:letter", reference)
