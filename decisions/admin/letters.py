"""Pages about letters: their exact words before release, the release by a second person, and their state."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.frozen import delivery_of
from decisions.domain.letter_facts import matter_of
from decisions.domain.releasing import release_letter_of_decision
from decisions.models import Decision
from decisions.permissions import LETTER_READERS, may_send_letter_anew, may_tell_decision
from decisions.queries import decisions_shown, decisions_visible_to, undeclared_awaiting_release
from hubportal.accounts.models import User
from hubportal.documents.domain.glyphs import printable_words
from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.enums import cause_in_words
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from letters.domain.composing import compose, fingerprint, text_for
from letters.domain.mails import file_name
from letters.domain.producing import days_of
from letters.domain.structure import filled
from letters.enums import LetterState
from letters.permissions import may_release
from letters.queries import copies_that_came_back, current, in_state, state_of
from reviews.admin.seen import changed_meanwhile, seen_in

# Dutch always, as the letter is.
_UNKNOWN_YET = {
    "dated_on": "[datum van verzending]",
    "objection_deadline": "[laatste dag om bezwaar te maken]",
}


@require_safe
@only_for(LETTER_READERS)
def letters(request: StaffRequest) -> HttpResponse:
    """List the letters with their state; those to release come first."""
    chosen_state = request.GET.get("staat", "")
    rows = decisions_visible_to(request.user)
    if chosen_state in LetterState.values:
        rows = in_state(rows, LetterState(chosen_state))
    ordered = rows.order_by(F("letter__released_at").desc(nulls_first=True), "recorded_at", "pk")
    chosen = page_of_rows(request, ordered, shown=decisions_shown())
    context = {
        "page": chosen,
        "rows": [{"decision": each, "state": state_of(each.letter)} for each in chosen.object_list],
        "states": LetterState.choices,
        "chosen_state": chosen_state,
        "undeclared": undeclared_awaiting_release(request.user).count(),
    }
    return page(request, "admin/decisions/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(LETTER_READERS)
def letter(request: StaffRequest, reference: str) -> HttpResponse:
    """Preview a letter, and release it."""
    decision = get_object_or_404(_decisions(request.user), application__reference=reference)
    if request.method == "POST":
        return _release(request, decision)
    state = state_of(decision.letter)
    context = {
        "decision": decision,
        "application": decision.application,
        "state": state,
        "letter": decision.letter,
        "can_send_anew": state == LetterState.TROUBLE
        and may_send_letter_anew.allows(request.user, decision.application),
        "cause": cause_in_words(decision.letter.mail.problem)
        if decision.letter and decision.letter.mail
        else "",
        "copies_back": copies_that_came_back(decision.letter),
        "delivery": delivery_of(decision.application),
        "is_mine": may_release.is_recorder(request.user, recorded_by_id=decision.recorded_by_id),
        "may_release": state == LetterState.WAITING
        and may_release.allows(request.user, recorded_by_id=decision.recorded_by_id)
        and may_tell_decision.allows(request.user, decision.application),
    }
    try:
        context["content"] = _words(request, decision)
        if context["may_release"]:
            context["fingerprint"] = _fingerprint(request, decision)
    except RuleViolation as refusal:
        # A letter that cannot be composed cannot be released either.
        context.update(may_release=False, refusal=str(refusal))
    return page(request, "admin/decisions/letter.html", context)


def _decisions(user: User) -> QuerySet[Decision]:
    return decisions_visible_to(user).select_related(
        "application__call",
        "application__coalition__region",
        "application__coalition__lead_organisation__municipality",
        "application__review_round",
        "application__people",
        "application__frozen",
        "advice",
        "ground",
        "recorded_by",
        "letter__released_by",
        "letter__mail",
        "letter__document",
        "letter__text__kind",
    )


def _release(request: StaffRequest, decision: Decision) -> HttpResponse:
    if seen_in(request) != decision.pk:
        # Taken back and recorded anew: the words are other ones than were read.
        changed_meanwhile(request)
        return redirect("admin:letter", decision.application.reference)
    try:
        released = release_letter_of_decision(
            decision_id=decision.pk,
            seen=request.POST.get("letter", ""),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if released.released_by_id == request.user.pk:
            messages.success(
                request, _("The letter has been released. It will be made and sent automatically.")
            )
        else:
            text = _("%(name)s has already released this letter.") % {"name": released.released_by}
            messages.info(request, text)
    return redirect("admin:letter", decision.application.reference)


def _words(request: StaffRequest, decision: Decision) -> dict[str, Any]:
    """Return what the letter says, with words in place of what is known on the day of sending only.

    Raises ``RuleViolation`` when it cannot be composed.
    """
    letter = decision.letter
    if letter is not None:
        days = days_of(letter.dated_on, letter.objection_deadline_on) if letter.dated_on else _UNKNOWN_YET
        return _as_printed(filled(json.loads(bytes(letter.content)), days))
    matter, today = matter_of(decision, at=request.received_at), local_date(request.received_at)
    return _as_printed(filled(compose(matter, text_for(matter, on=today), on=today), _UNKNOWN_YET))


def _fingerprint(request: StaffRequest, decision: Decision) -> str:
    at = request.received_at
    return fingerprint(matter_of(decision, at=at), on=local_date(at))


def _as_printed(content: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = printable_words(content)
    return shown


@require_safe
@only_for(LETTER_READERS)
def pdf(request: StaffRequest, reference: str) -> HttpResponse:
    """Send the current letter as a download."""
    decision = get_object_or_404(
        _decisions(request.user).filter(letter__document__isnull=False), application__reference=reference
    )
    assert decision.letter is not None
    document = current(decision.letter).document
    assert document is not None
    return stored_pdf(
        request, name=document.stored_as, sha256=document.sha256, filename=file_name(decision.letter)
    )
