"""Pages about letters: their exact words before release, the release by a second person, and their state."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.frozen import frozen_content
from coalitions.queries import named_otherwise
from decisions.admin.wording import (
    decisions_with_letters,
    released_in_words,
    words_there,
    words_to_be,
)
from decisions.domain.letter_facts import channel_in, matter_of
from decisions.domain.releasing import check_untied, release_letter_of_decision
from decisions.domain.returned_letters import postal_address_of
from decisions.models import Decision
from decisions.permissions import LETTER_READERS, may_correct_letter, may_send_letter_anew, may_tell_decision
from decisions.queries import (
    corrections_visible_to,
    decisions_in_state,
    decisions_shown,
    decisions_visible_to,
    decisions_with_copies_back,
    latest_letters_on,
    undeclared_awaiting_release,
    withdrawn_decisions_on,
)
from hubportal.accounts.permissions import OFFICERS
from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.enums import cause_in_words
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from letters.domain.composing import fingerprint
from letters.domain.mails import file_name
from letters.enums import Channel, LetterState
from letters.models import Letter
from letters.permissions import may_release
from letters.queries import (
    chain_of,
    copies_of,
    copies_settled,
    copies_that_came_back,
    corrections_taken_back,
    corrections_waiting,
    did_not_arrive,
    state_of,
)
from reviews.admin.seen import changed_meanwhile, seen_in

# Beside the states: the letter itself was sent.
COPY_BACK = "copy"


@require_safe
@only_for(LETTER_READERS)
def letters(request: StaffRequest) -> HttpResponse:
    """List the letters with their state; those to release come first."""
    chosen_state = request.GET.get("staat", "")
    rows = decisions_visible_to(request.user)
    if chosen_state in LetterState.values:
        rows = decisions_in_state(rows, LetterState(chosen_state))
    elif chosen_state == COPY_BACK:
        rows = decisions_with_copies_back(rows)
    ordered = rows.order_by(F("letter__released_at").desc(nulls_first=True), "recorded_at", "pk")
    chosen = page_of_rows(request, ordered, shown=decisions_shown())
    context = {
        "page": chosen,
        "rows": _rows(list(chosen.object_list)),
        "states": [*LetterState.choices, (COPY_BACK, _("a copy came back"))],
        "chosen_state": chosen_state,
        "undeclared": undeclared_awaiting_release(request.user).count(),
        "posts": OFFICERS.includes(request.user),
        "corrections": corrections_visible_to(request.user)[:50],
    }
    return page(request, "admin/decisions/letters.html", context)


def _rows(decisions: list[Decision]) -> list[dict[str, Any]]:
    """Return the decisions, each with its latest letter and where that is."""
    found = latest_letters_on(decisions)
    letters = [found.get(each.application.reference) for each in decisions]
    return [
        {"decision": each, "letter": letter, "state": state_of(letter)}
        for each, letter in zip(decisions, letters, strict=True)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(LETTER_READERS)
def letter(request: StaffRequest, reference: str) -> HttpResponse:
    """Preview a letter, and release it."""
    decision = decisions_with_letters(request.user).filter(application__reference=reference).first()
    if decision is None:
        return _gone(request, reference)
    if request.method == "POST":
        return _release(request, decision)
    chain = _chain(decision)
    shown = _chosen(request, chain)
    state = state_of(shown)
    context = {
        "decision": decision,
        "application": decision.application,
        "state": state,
        "letter": shown,
        "goes_on_paper": _goes_on_paper(decision, shown),
        "posts": OFFICERS.includes(request.user),
        "named_otherwise": named_otherwise(decision.application.coalition),
        "cause": cause_in_words(shown.mail.problem) if shown and shown.mail else "",
        **_returned(request, decision, chain, shown),
        "is_mine": may_release.is_recorder(request.user, recorded_by_id=decision.recorded_by_id),
        "may_release": state == LetterState.WAITING
        and may_release.allows(request.user, recorded_by_id=decision.recorded_by_id)
        and may_tell_decision.allows(request.user, decision.application),
        **_corrections(request, decision, chain, shown),
    }
    try:
        context["content"] = (
            words_there(decision, shown, at=request.received_at)
            if shown is not None
            else words_to_be(decision, at=request.received_at)
        )
        if context["may_release"]:
            context["fingerprint"] = fingerprint(matter_of(decision), on=local_date(request.received_at))
        if context["may_release"] or state in {LetterState.RELEASED, LetterState.TO_POST}:
            context["held"] = _held(decision)
    except RuleViolation as refusal:
        # A letter that cannot be composed cannot be released either.
        context.update(may_release=False, refusal=str(refusal))
    return page(request, "admin/decisions/letter.html", context)


def _gone(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that a decision was taken back while its letter was read; 404 for any other that is not there."""
    application = get_object_or_404(may_tell_decision.rows(request.user), reference=reference)
    number = request.POST.get("seen", "")
    if number not in {str(each.pk) for each in withdrawn_decisions_on(application)}:
        raise Http404
    messages.error(request, _("This decision has been taken back, so its letter cannot be released."))
    return redirect("admin:letters")


def _held(decision: Decision) -> str:
    """Return why a letter is not released, made or posted yet: somebody on whom it rests has an interest (rule 29)."""
    try:
        check_untied(decision)
    except RuleViolation as refusal:
        return (
            str(refusal)
            if decision.letter is None
            else _(
                "Somebody who judged or decided it turned out to have an interest. It goes out once the chair has recorded a measure."
            )
        )
    return ""


def _returned(
    request: StaffRequest, decision: Decision, chain: list[Letter], shown: Letter | None
) -> dict[str, Any]:
    """Return what came back of the letter that is shown, and what this person can do about it."""
    if shown is None:
        return {}
    is_theirs = shown == chain[-1] and may_send_letter_anew.allows(request.user, decision.application)
    numbers = {each.pk: number for number, each in enumerate(copies_of(shown), start=1)}
    return {
        "can_send_anew": is_theirs and did_not_arrive(shown),
        "can_go_by_post": is_theirs and did_not_arrive(shown) and bool(postal_address_of(decision, shown)),
        "copies_back": [(each, numbers[each.pk]) for each in copies_that_came_back(shown)],
        "can_settle_copies": is_theirs and shown.sent_at is not None,
        "copies_settled": copies_settled(shown),
    }


def _goes_on_paper(decision: Decision, shown: Letter | None) -> bool:
    if shown is not None:
        return shown.channel == Channel.POST
    return channel_in(frozen_content(decision.application)) == Channel.POST


def _chain(decision: Decision) -> list[Letter]:
    """Return the letters on a decision, the first one first; nothing before its release."""
    if decision.letter is None:
        return []
    found = chain_of(decision.letter)
    return list(
        found.select_related(
            "text__kind",
            "text__call",
            "document",
            "mail",
            "released_by",
            "posted_by",
            "recorded_by",
            "supersedes",
        )
    )


def _chosen(request: StaffRequest, chain: list[Letter]) -> Letter | None:
    """Return the letter of the chain with the number that the address names, else the latest."""
    number = request.GET.get("brief", "")
    if number.isascii() and number.isdigit() and len(number) < 4 and 0 < int(number) <= len(chain):
        return chain[int(number) - 1]
    return chain[-1] if chain else None


def _corrections(
    request: StaffRequest, decision: Decision, chain: list[Letter], shown: Letter | None
) -> dict[str, Any]:
    """Return the letters on a decision, the correction that waits, those taken back, and whether one can be made."""
    if shown is None:
        return {}
    latest = chain[-1]
    waiting = corrections_waiting().filter(letter=latest.pk).first()
    return {
        "chain": [
            {"number": number, "letter": each, "state": state_of(each)}
            for number, each in enumerate(chain, start=1)
        ],
        "shown_number": chain.index(shown) + 1,
        "counts": next((each for each in reversed(chain) if each.document_id is not None), None),
        "waiting": waiting,
        "taken_back": corrections_taken_back(latest),
        "can_correct": waiting is None
        and latest.sent_at is not None
        and may_correct_letter.allows(request.user, decision.application),
    }


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
            messages.success(request, released_in_words(released))
        else:
            text = _("%(name)s has already released this letter.") % {"name": released.released_by}
            messages.info(request, text)
    return redirect("admin:letter", decision.application.reference)


@require_safe
@only_for(LETTER_READERS)
def pdf(request: StaffRequest, reference: str) -> HttpResponse:
    """Send the letter that counts as a download, or the one with the number that the address names."""
    decision = get_object_or_404(
        decisions_with_letters(request.user).filter(letter__document__isnull=False),
        application__reference=reference,
    )
    made = [each for each in _chain(decision) if each.document is not None]
    chosen = _chosen(request, made)
    assert chosen is not None
    assert chosen.document is not None
    document = chosen.document
    return stored_pdf(request, name=document.stored_as, sha256=document.sha256, filename=file_name(chosen))
