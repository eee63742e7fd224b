"""Pages about letters on paper: what waits, the post of today, and recording that it was posted (rules 26, 30 and 34)."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from decisions.domain.posting import ask_for_post, record_posted
from decisions.post_queries import (
    bundle_open_to,
    letters_shown_in_post,
    letters_to_post,
    prints_open_to,
    undeclared_letters_to_post,
)
from hubportal.accounts.permissions import OFFICERS
from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE, page_of_rows
from letters.domain.mails import file_name
from letters.domain.posting import is_too_late_to_post
from letters.models import Letter, PrintedLetter
from letters.queries import post_run_of
from reviews.admin.interests import MAX_DIGITS

# Of the letters that are chosen, as they were made.
CHOSEN = "brief"
# Of those that the page showed: all of them can be chosen at once, also without JavaScript.
SHOWN = "getoond"


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def to_post(request: StaffRequest) -> HttpResponse:
    """List the letters on paper that wait; have them made with the date of today, or go on with those ticked."""
    if request.method == "POST":
        return _ask(request) if "ask" in request.POST else _check(request)
    today = local_date(request.received_at)
    chosen = page_of_rows(
        request, letters_to_post(request.user), shown=letters_shown_in_post(request.user, on=today)
    )
    rows = [
        {"letter": each, "addressee": _addressee(each), "print": next(iter(each.made), None)}
        for each in chosen.object_list
    ]
    context = {
        "page": chosen,
        "rows": rows,
        "today": today,
        "is_too_late": is_too_late_to_post(request.received_at),
        "asked": post_run_of(request.user, on=today).filter(letters__isnull=False).exists(),
        "bundle": bundle_open_to(request.user, on=today).first(),
        "can_choose": any(each["print"] and not each["letter"].is_held for each in rows),
        "undeclared": undeclared_letters_to_post(request.user).count(),
    }
    return page(request, "admin/decisions/post.html", context)


def _addressee(letter: Letter) -> dict[str, Any]:
    addressee: dict[str, Any] = json.loads(bytes(letter.content))["addressee"]
    return addressee


def _ask(request: StaffRequest) -> HttpResponse:
    try:
        ask_for_post(actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The letters are being made with today's date. Reload this page in a moment to print them."),
        )
    return redirect("admin:post")


def _chosen(sent: list[str]) -> list[str]:
    return [each for each in sent if each.isdecimal() and len(each) < MAX_DIGITS][:ROWS_PER_PAGE]


def _check(request: StaffRequest) -> HttpResponse:
    chosen = _chosen(request.POST.getlist(SHOWN if "all" in request.POST else CHOSEN))
    if not chosen:
        messages.warning(request, _("Tick the letters that you posted today."))
        return redirect("admin:post")
    return redirect(f"{reverse('admin:check_post')}?{urlencode([(CHOSEN, each) for each in chosen])}")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def check_and_record(request: StaffRequest) -> HttpResponse:
    """Show which letters will be recorded as posted and what starts then, and record it."""
    sent = request.POST if request.method == "POST" else request.GET
    ids = _chosen(sent.getlist(CHOSEN))
    found = prints_open_to(request.user).filter(pk__in=ids)
    prints = list(found.select_related("letter__text__kind").order_by("letter__released_at", "pk"))
    if len(prints) < len(set(ids)):
        raise Http404
    if request.method == "POST":
        return _record(request, prints)
    waiting = [each for each in prints if each.letter.sent_at is None]
    if not waiting:
        messages.info(request, _told(0) if prints else _("Tick the letters that you posted today."))
        return redirect("admin:post")
    context = {
        "rows": [{"print": each, "addressee": _addressee(each.letter)} for each in waiting],
        "number": len(waiting),
        "today": local_date(request.received_at),
    }
    return page(request, "admin/decisions/check_post.html", context)


def _record(request: StaffRequest, prints: list[PrintedLetter]) -> HttpResponse:
    try:
        posted = record_posted(
            print_ids=[each.pk for each in prints], actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _told(len(posted)))
    return redirect("admin:post")


def _told(number: int) -> str:
    if not number:
        return _("These letters have already been recorded as posted.")
    told = ngettext(
        "%(number)d letter has been recorded as posted today. Its term to object starts tomorrow.",
        "%(number)d letters have been recorded as posted today. Their terms to object start tomorrow.",
        number,
    )
    return told % {"number": number}


@require_safe
@only_for(OFFICERS)
def printed(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a letter as it was made for the post of today as a download, until it was posted."""
    found = prints_open_to(request.user).select_related("letter__text__kind")
    chosen = get_object_or_404(found, pk=pk)
    if chosen.letter.sent_at is not None:
        messages.info(request, _("This letter has been posted, so it is not printed any more."))
        return redirect("admin:letter", chosen.letter.about)
    if chosen.dated_on != local_date(request.received_at):
        messages.info(request, _("This letter was made for the post of another day. Have it made anew."))
        return redirect("admin:post")
    name = file_name(chosen.letter)
    return stored_pdf(request, name=chosen.stored_as, sha256=chosen.sha256, filename=name)


@require_safe
@only_for(OFFICERS)
def bundle(request: StaffRequest) -> HttpResponse:
    """Send the letters of today in one file, to print them from."""
    today = local_date(request.received_at)
    run = get_object_or_404(bundle_open_to(request.user, on=today))
    name = f"post-{today.isoformat()}.pdf"
    return stored_pdf(request, name=run.stored_as, sha256=run.sha256, filename=name)
