"""Writing to the kwartiermaker of a region, without an account."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.middleware import ReceivedRequest
from hubportal.visitors import asks_too_often
from mapping.queries import kwartiermakers_of
from regions.models import Region
from regions.queries import all_regions
from residents.domain.writing import write_message
from residents.enums import TAKEN_OVER, MessageKind
from residents.forms.writing import MessageForm
from residents.queries import DAYS_TO_CONFIRM, contacts_shown, open_questions
from retention.enums import DataKind
from retention.queries import period_of

# Per network, and to one region: a library or a school sends from one. All networks of one connection together stay below
# what everybody together can send, to one region (MOST_TO_ONE_REGION) and to all (MOST_IN_A_DAY).
MOST_BY_ONE_NETWORK = 30
MOST_BY_ONE_NETWORK_TO_A_REGION = 8
_DAY = 24 * 60 * 60

_WORDS = {
    MessageKind.TAKE_PART: (
        gettext_lazy("Take part"),
        gettext_lazy(
            "Do you want to have a say about health, care and support in your region? Tell the kwartiermaker."
        ),
    ),
    MessageKind.QUESTION: (
        gettext_lazy("Bring up a question"),
        gettext_lazy(
            "Which question about health, care and support should people in your region have a say in?"
        ),
    ),
    MessageKind.ORGANISATION: (
        gettext_lazy("Sign up an organisation"),
        gettext_lazy(
            "Is an organisation missing from this page? The kwartiermaker looks at it first; only then can visitors see it."
        ),
    ),
    MessageKind.LETTER: (
        gettext_lazy("Write to the kwartiermaker"),
        gettext_lazy(
            "The kwartiermaker of this region reads what you write, and can answer you by e-mail or telephone."
        ),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: ReceivedRequest, slug: str, kind: MessageKind) -> HttpResponse:
    """Take what somebody writes, and mail them a link to confirm it; where nobody maps the region, say so."""
    region = get_object_or_404(all_regions(), slug=slug)
    heading, lead = _WORDS[kind]
    context = {"region": region, "kind": kind, "heading": heading, "lead": lead, "crumb": region.name}
    working = kwartiermakers_of(region)
    if request.method != "POST" and not working:
        return _unindexed(render(request, "residents/nobody.html", context))
    form = _form(request, region, kind)
    status = 200
    if form.is_valid():
        try:
            _check_network(request, region)
            write_message(region=region, written=form.written(), at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
            status = 429 if isinstance(refusal, TooMuch) else 422
        else:
            sent = {**context, "email": form.cleaned_data["email"], "days": DAYS_TO_CONFIRM}
            return _unindexed(render(request, "residents/sent.html", sent))
    context |= {
        "form": form,
        "is_too_much": status == 429,
        "contacts": contacts_shown(region, working),
        "period": period_of(DataKind.RESIDENT_MESSAGES),
        "becomes_something": kind in TAKEN_OVER,
    }
    if form.errors and status == 200:
        status = 422
    return _unindexed(render(request, "residents/write.html", context, status=status))


def _form(request: ReceivedRequest, region: Region, kind: MessageKind) -> MessageForm:
    """Return the form of a kind, with the question of the address filled in where visitors can have a say in it."""
    questions = {}
    if kind == MessageKind.TAKE_PART:
        asked = open_questions(region, today=local_date(request.received_at))
        questions = {key: each.title for key, each in asked.items()}
    chosen = request.GET.get("vraag", "")
    return MessageForm(
        request.POST if request.method == "POST" else None,
        region=region,
        kind=kind,
        questions=questions,
        initial={"question": chosen if chosen in questions else ""},
    )


def _check_network(request: ReceivedRequest, region: Region) -> None:
    """Raise ``TooMuch`` where more came from one network than it may send in a day, to all regions or to this one."""
    limits = (
        ("residents", MOST_BY_ONE_NETWORK),
        (f"residents-{region.pk}", MOST_BY_ONE_NETWORK_TO_A_REGION),
    )
    if any(asks_too_often(request, what=what, most=most, seconds=_DAY) for what, most in limits):
        raise TooMuch(_("Too many messages came from your network today. Try again tomorrow, or call."))


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
