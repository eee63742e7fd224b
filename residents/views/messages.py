"""What residents wrote to a region, as its kwartiermaker reads it and deals with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.finding import Typed, doubles_of
from mapping.views.workspace import assigned_region
from residents.domain.settling import CHOSEN, settle_message, take_over_organisation, take_over_question
from residents.enums import MessageKind, Outcome
from residents.queries import contact_of, messages_in, question_called

_ANSWERS = {each.value: each for each in CHOSEN}


@login_required
@require_safe
def messages_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what residents wrote and confirmed: what waits first."""
    region = assigned_region(request, slug)
    page = Paginator(messages_in(region, request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"region": region, "page": page, "contact": contact_of(request.user, region)}
    return render(request, "residents/messages.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: SignedInRequest, slug: str, message_id: int) -> HttpResponse:
    """Show what a resident wrote; put it aside, or note that it was answered."""
    region = assigned_region(request, slug)
    found = get_object_or_404(messages_in(region, request.user), pk=message_id)
    if request.method == "POST":
        outcome = _ANSWERS.get(request.POST.get("outcome", ""))
        if outcome is None:
            messages.error(request, _("Choose what you did with it."))
            return redirect("residents:message", slug, message_id)
        try:
            settle_message(message_id=found.pk, outcome=outcome, actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("This has been dealt with."))
        return redirect("residents:messages", slug)
    doubles = []
    if found.kind == MessageKind.ORGANISATION and not found.settled_at:
        doubles = doubles_of(Typed(found.title, website=found.website), region=region, user=request.user)
    is_about = found.kind == MessageKind.TAKE_PART and found.title
    context = {
        "region": region,
        "message": found,
        "doubles": doubles,
        "outcomes": Outcome,
        "question": question_called(region, found.title) if is_about else None,
    }
    return render(request, "residents/message.html", context)


@login_required
@require_POST
def take_over(request: SignedInRequest, slug: str, message_id: int) -> HttpResponse:
    """Make a question or a row of the map of what a resident wrote, and go there."""
    region = assigned_region(request, slug)
    found = get_object_or_404(messages_in(region, request.user), pk=message_id)
    try:
        if found.kind == MessageKind.ORGANISATION:
            row = take_over_organisation(message_id=found.pk, actor=request.user, at=request.received_at)
            messages.success(request, _("The organisation is on your map now. It is not public yet."))
            return redirect("mapping:organisation", slug, row.map_key)
        question = take_over_question(message_id=found.pk, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("residents:message", slug, message_id)
    messages.success(request, _("The question is among those of your region now. It is not public yet."))
    return redirect("mapping:question", slug, question.pk)
