"""What is kept of somebody, for themselves, through the link that stays; and withdrawing."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from mapping.queries import kwartiermakers_of
from people.domain.erasing import withdraw_by_link
from people.domain.links import check_alive, find_link
from people.domain.terms import PURPOSE
from people.enums import LinkUse
from people.forms.answering import WithdrawalForm
from people.queries import engagements_of, talks_with
from people.views.links import dead_link, unknown_link


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody all that is kept of them, and erase it when they say so; following the link changes nothing."""
    link = find_link(secret, LinkUse.LASTING)
    if link is None:
        return unknown_link(request)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    try:
        check_alive(link, at=request.received_at)
        if form.is_valid():
            receipt = withdraw_by_link(link_id=link.pk, at=request.received_at)
            return redirect("people:receipt", receipt.code)
    except DeadLink as refusal:
        return dead_link(request, str(refusal), status=410)
    context = {
        "person": link.person,
        # Whoever reads an address of before may withdraw, but learns nothing.
        "is_shown": mailbox(link.email) == mailbox(link.person.email),
        "form": form,
        "purpose": PURPOSE,
        "talks": talks_with(link.person),
        "engagements": engagements_of(link.person),
        "kwartiermakers": kwartiermakers_of(link.person.region),
    }
    return render(request, "people/kept.html", context, status=422 if form.errors else 200)
