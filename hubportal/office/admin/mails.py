"""Pages of the office about mails that failed, are uncertain or came back (rules 25 and 34).

They show to whom and about what, never the text of a mail: it may hold a link that only its reader may use.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts.permissions import takes_part_now
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.enums import MailStatus, cause_in_words
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import mails_that_came_back, mails_to_settle, without_text
from hubportal.office.domain.failed_mails import settle_mail, state_in_short
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.office.permissions import may_settle_mails
from hubportal.office.queries import mails_open_to, once_to_settle
from hubportal.paging import ROWS_PER_PAGE


@require_safe
@only_for(may_settle_mails)
def mails(request: StaffRequest) -> HttpResponse:
    """List the mails that the office has to settle."""
    rows = without_text(mails_open_to(request.user, mails_to_settle())).order_by("-queued_at", "-pk")
    chosen = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": chosen, "is_tied": takes_part_now(request.user)}
    return page(request, "admin/office/mails.html", context)


@require_safe
@only_for(may_settle_mails)
def mails_back(request: StaffRequest) -> HttpResponse:
    """List the mails that came back, of any kind: who sent one may not be told, as of a code to log in."""
    rows = without_text(mails_open_to(request.user, mails_that_came_back()))
    chosen = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    shown = [(each, cause_in_words(each.problem)) for each in chosen.object_list]
    context = {"page": chosen, "rows": shown, "is_tied": takes_part_now(request.user)}
    return page(request, "admin/office/mails_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_settle_mails)
def mail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what happened to one mail; resend it or close it."""
    found = get_object_or_404(without_text(mails_open_to(request.user, once_to_settle())), pk=pk)
    if request.method == "POST":
        return _settle(request, found)
    if not mails_to_settle().filter(pk=found.pk).exists():
        messages.info(request, _("This e-mail has already been settled."))
        return redirect("admin:mails")
    return page(request, "admin/office/mail.html", {"mail": found, "seen": state_in_short(found)})


def _settle(request: StaffRequest, found: OutgoingMail) -> HttpResponse:
    send_again, arrived = "send_again" in request.POST, "arrived" in request.POST
    try:
        settled = settle_mail(
            mail_id=found.pk,
            send_again=send_again,
            arrived=arrived,
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:mail", found.pk)
    except RuleViolation as refusal:
        messages.info(request, str(refusal))
    else:
        told = {
            MailStatus.QUEUED: _("The e-mail will be sent again."),
            MailStatus.SENT: _("The e-mail counts as sent from now on."),
            MailStatus.SETTLED: _("The e-mail will be left as it is."),
        }
        messages.success(request, told[MailStatus(settled.status)])
    return redirect("admin:mails")
