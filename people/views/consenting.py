"""The answer of people themselves, through a link that works once: following it changes nothing."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.one_time import DeadLink
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from mapping.queries import kwartiermakers_of
from people.domain.consenting import agree_by_link, prolong_by_link, shown_of
from people.domain.erasing import decline_by_link
from people.domain.links import AlreadyAnswered, check_alive, find_link
from people.domain.terms import PURPOSE, agreed_until
from people.enums import LinkUse
from people.forms.answering import AGREE, DECLINE, AnswerForm
from people.models import MappedPerson, PersonLink
from people.queries import engagements_of, talks_with
from people.views.links import dead_link, unknown_link


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody what will be kept, what for and until when, and take their answer."""
    return _ask(request, secret, LinkUse.ANSWER, agree_by_link)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def prolong(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody what is kept before their consent ends, and ask whether they agree once more."""
    return _ask(request, secret, LinkUse.PROLONG, prolong_by_link)


def _ask(
    request: ReceivedRequest, secret: str, use: LinkUse, agree: Callable[..., MappedPerson]
) -> HttpResponse:
    link = find_link(secret, use)
    if link is None:
        return unknown_link(request)
    try:
        check_alive(link, at=request.received_at)
        return _answered(request, link, agree)
    except AlreadyAnswered as refusal:
        return dead_link(
            request, _already(request, refusal), heading=_("You have already answered"), status=410
        )
    except DeadLink as refusal:
        return dead_link(request, str(refusal), status=410)


def _already(request: ReceivedRequest, refusal: AlreadyAnswered) -> str:
    """Return what is said to who answers a second time: another answer than the first is not taken for it."""
    if request.POST.get("answer") == DECLINE:
        return _(
            "You said yes before, so this “no” has not been saved. Do you want everything to be erased? Then use the link"
            " in our later e-mail, or ask the kwartiermaker."
        )
    return str(refusal)


def _answered(request: ReceivedRequest, link: PersonLink, agree: Callable[..., MappedPerson]) -> HttpResponse:
    at = request.received_at
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": shown_of(link.person, at=at)},
    )
    if form.is_valid():
        if form.cleaned_data["answer"] != AGREE:
            return redirect("people:receipt", decline_by_link(link_id=link.pk, at=at).code)
        try:
            person = agree(link_id=link.pk, shown=form.cleaned_data["seen"], at=at)
        except NewerVersion as refusal:
            form.show_seen(shown_of(link.person, at=at))
            add_violation(form, refusal)
        else:
            return render(request, "people/agreed.html", {"person": person})
    context = {
        "person": link.person,
        "link": link,
        "form": form,
        "purpose": PURPOSE,
        "until": agreed_until(at),
        "talks": talks_with(link.person),
        "engagements": engagements_of(link.person),
        "kwartiermakers": kwartiermakers_of(link.person.region),
    }
    return render(request, "people/answer.html", context, status=422 if form.errors else 200)
