"""Writing to the kwartiermaker of a region, without an account."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import ReceivedRequest
from hubportal.visitors import asks_too_often
from mapping.queries import kwartiermakers_of
from mapping.question_queries import QUESTIONS_SHOWN, public_questions_in
from regions.models import Region
from regions.queries import all_regions
from residents.domain.writing import write_message
from residents.enums import TAKEN_OVER, MessageKind
from residents.forms.writing import MessageForm
from residents.queries import DAYS_TO_CONFIRM, contacts_shown
from retention.enums import DataKind
from retention.queries import period_of

# Per network: a library or a school sends from one.
_MAX_PER_DAY = 30
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
    posted = request.POST if request.method == "POST" else None
    form = MessageForm(posted, region=region, kind=kind, initial=_begun(request, region, kind))
    status = 200
    if form.is_valid():
        if asks_too_often(request, what="residents", most=_MAX_PER_DAY, seconds=_DAY):
            form.add_error(
                None,
                _(
                    "Too many messages came from your network today. Try again tomorrow, or write to the programme office."
                ),
            )
            status = 429
        else:
            try:
                write_message(region=region, written=form.written(), at=request.received_at)
            except RuleViolation as refusal:
                add_violation(form, refusal)
            else:
                sent = {**context, "email": form.cleaned_data["email"], "days": DAYS_TO_CONFIRM}
                return _unindexed(render(request, "residents/sent.html", sent))
    context |= {
        "form": form,
        "contacts": contacts_shown(region, working),
        "period": period_of(DataKind.RESIDENT_MESSAGES),
        "becomes_something": kind in TAKEN_OVER,
    }
    if form.errors and status == 200:
        status = 422
    return _unindexed(render(request, "residents/write.html", context, status=status))


def _begun(request: ReceivedRequest, region: Region, kind: MessageKind) -> dict[str, str]:
    """Return what the form begins with for who came from a public question; nothing of any other question (rule 26)."""
    asked = request.GET.get("vraagstuk", "")
    if kind != MessageKind.TAKE_PART or not asked:
        return {}
    public = public_questions_in(region, today=local_date(request.received_at))
    if asked not in {each.title for each in public[:QUESTIONS_SHOWN]}:
        return {}
    return {"text": _("I want to take part in: %(question)s") % {"question": asked}}


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
