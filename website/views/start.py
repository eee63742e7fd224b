"""The page after logging in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.signing import is_open_to_sign, signature_due_at
from applications.enums import Status
from applications.models import Application
from applications.permissions import may_accept_contact
from applications.queries import shown_in_room
from applications.queries.collaborators import invitations_for
from applications.queries.lead_offers import lead_offers_waiting_for
from applications.queries.tasks import has_open_task, with_open_tasks
from applications.views.status_wording import status_in_words
from calls.domain.rounds import round_for
from coalitions.queries import visible_to as coalitions_visible_to
from completions.queries import is_awaited_of
from correspondence.queries import has_unread
from decisions.account_queries import grants_without_account
from decisions.queries import letters_to_applicants
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.kernel.dates import day_in_words, moment_in_words
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from letters.models import Letter
from mapping.agreement_queries import corrections_to_take_over
from mapping.assignment_queries import regions_new_to
from mapping.correction_queries import corrections_of, unanswered
from mapping.permissions import may_map
from organisations.queries import writing_for
from people.models import PersonTalk
from people.queries import follow_ups_of, people_to_ask_by_hand
from residents.queries import longest_waiting
from takeovers.permissions import may_stop_takeover
from website.queries import consents_asked_of, drafts_of, unsigned_of
from website.views.application_cards import (
    completion_card,
    invitation_card,
    lead_offer_card,
    message_card,
    offer_card,
    takeover_card,
    task_card,
)

# Of each kind; the lists themselves have everything.
SHOWN = 6


@login_required
@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """Show what the person can do, and what waits for them."""
    user = request.user
    # What is to be completed comes first, then what the office wrote about and nobody opened yet, and then what has tasks of the
    # person, so that none of it is left out.
    applications = (
        with_open_tasks(shown_in_room(user), assigned_to=user.pk, application__status=Status.DRAFT)
        .select_related("coalition__region", "call")
        .annotate(is_awaited=is_awaited_of(user), is_unread=has_unread(user), has_task=has_open_task(user))
        .order_by("-is_awaited", "-is_unread", "-has_task", "-changed_at", "-pk")
    )[:SHOWN]
    context = {
        "waiting": [
            *(completion_card(each) for each in applications if each.is_awaited),
            *(message_card(each) for each in applications if each.is_unread),
            *(task_card(each, task) for each in applications for task in each.open_tasks),  # type: ignore[attr-defined]
            *_waiting(user, request.received_at),
        ],
        "regions": may_map.rows(user)[:SHOWN],
        "organisations": writing_for(user)[:SHOWN],
        "coalitions": coalitions_visible_to(user).select_related("region")[:SHOWN],
        "applications": [_application_card(each) for each in applications],
    }
    return render(request, "website/start.html", context)


def _application_card(application: Application) -> dict[str, Any]:
    status = status_in_words(application)
    return {
        "title": dutch(application.title or application.coalition.name),
        "url": reverse("applications:status", args=[application.reference]),
        "text": dutch(f"{application.call.title}, {application.coalition.region.name}"),
        "meta": application.reference,
        "badge_label": status.label,
        "badge_kind": status.kind,
    }


def _waiting(user: User, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what somebody has to do, with the page where it is done."""
    for link in consents_asked_of(user, at=at)[:SHOWN]:
        yield {
            "title": filled_in(
                _("Read and answer: %(coalition)s"), coalition=dutch(link.application.coalition.name)
            ),
            "text": filled_in(
                _("%(organisation)s will be asked to agree to the application."),
                organisation=dutch(link.participation.stated_name if link.participation else ""),
            ),
            "meta": _("Answer before %(day)s") % {"day": moment_in_words(link.expires_at)},
            "url": reverse(
                "applications:consent_account", args=[link.application.reference, link.participation_id]
            ),
        }
    for invited in invitations_for(user)[:SHOWN]:
        yield invitation_card(invited)
    for offered in may_accept_contact.rows(user).select_related("application__coalition", "holder")[:SHOWN]:
        yield offer_card(offered)
    for lead_offer in lead_offers_waiting_for(user, at=at)[:SHOWN]:
        yield lead_offer_card(lead_offer)
    asked_for = may_stop_takeover.rows(user).select_related("application__coalition", "asked_by")
    for takeover in asked_for.order_by("decide_from_at", "pk")[:SHOWN]:
        yield takeover_card(takeover)
    for application in unsigned_of(user)[:SHOWN]:
        yield _unsigned_card(application, at)
    for application in drafts_of(user, at=at)[:SHOWN]:
        yield _draft_card(application, user, at)
    for application in grants_without_account(user)[:SHOWN]:
        yield {
            "title": filled_in(_("Give the bank account: %(title)s"), title=dutch(application.title)),
            "text": _("We pay the grant after you gave an account number, and after we checked it."),
            "meta": application.reference,
            "url": reverse("decisions:bank_account", args=[application.reference]),
        }
    for letter in letters_to_applicants(user)[:SHOWN]:
        yield _letter_card(letter)
    yield from _map_waiting(user, at)
    yield from _people_waiting(user, at)


def _map_waiting(user: User, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what a kwartiermaker has to act on in their regions: a region that is new to them, answers and requests."""
    for held in regions_new_to(user, today=local_date(at))[:SHOWN]:
        yield {
            "title": filled_in(_("Read what is open in %(region)s"), region=dutch(held.region.name)),
            "text": _("This region is new to you. Everything that was begun there stands on one page."),
            "meta": _("Since %(day)s") % {"day": day_in_words(held.since_on)},
            "url": reverse("website:open_items", args=[held.region.slug]),
        }
    for asked in unanswered(corrections_of(user))[:SHOWN]:
        yield {
            "title": filled_in(
                _("Answer who asked a correction: %(name)s"), name=dutch(asked.organisation.name)
            ),
            "text": asked.get_kind_display(),
            "meta": dutch(asked.region.name),
            "url": reverse("mapping:correction", args=[asked.region.slug, asked.pk]),
        }
    for message in longest_waiting(user)[:SHOWN]:
        yield {
            "title": filled_in(
                _("Read what a resident wrote: %(title)s"), title=dutch(message.title or message.name)
            ),
            "text": message.get_kind_display(),
            "meta": dutch(message.region.name),
            "url": reverse("residents:message", args=[message.region.slug, message.pk]),
        }
    for given in corrections_to_take_over(user)[:SHOWN]:
        yield {
            "title": filled_in(_("Take over what %(name)s corrected"), name=dutch(given.organisation.name)),
            "text": _("The organisation agreed to its public text after it corrected something."),
            "meta": dutch(given.region.name),
            "url": reverse(
                "mapping:take_over", args=[given.region.slug, given.organisation.map_key, given.pk]
            ),
        }


def _people_waiting(user: User, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield which people of their regions a kwartiermaker has to come back to, or to ask by hand."""
    for talk in follow_ups_of(user, today=local_date(at))[:SHOWN]:
        yield _talk_card(talk)
    for somebody in people_to_ask_by_hand(user, at=at)[:SHOWN]:
        yield {
            "title": filled_in(_("Ask %(name)s whether you may keep this"), name=dutch(somebody.name)),
            "text": _(
                "There is no e-mail address, so ask it yourself. Otherwise we erase it after the last day."
            ),
            "meta": _("Until %(day)s") % {"day": day_in_words(local_date(somebody.kept_until))},
            "url": reverse("people:person", args=[somebody.region.slug, somebody.pk]),
        }


def _talk_card(talk: PersonTalk) -> dict[str, Any]:
    region, due_on = talk.person.region, talk.follow_up_on
    assert due_on is not None
    return {
        "title": filled_in(_("Come back to the talk with %(name)s"), name=dutch(talk.person.name)),
        "text": _("You wrote down to come back to it on %(day)s.") % {"day": day_in_words(due_on)},
        "meta": dutch(region.name),
        "url": reverse("people:person", args=[region.slug, talk.person_id]),
    }


def _unsigned_card(application: Application, at: datetime) -> dict[str, Any]:
    due_at = signature_due_at(application)
    assert due_at is not None
    is_over = not is_open_to_sign(application, at=at)
    return {
        "title": filled_in(_("Sign the declaration: %(title)s"), title=dutch(application.title)),
        "text": _("The period for signing has ended. Please contact the programme office.")
        if is_over
        else _("We have received your application. A signature on the declaration is still missing."),
        "meta": "" if is_over else _("Before %(day)s") % {"day": moment_in_words(due_at)},
        "url": reverse("applications:status", args=[application.reference]),
    }


def _draft_text(application: Application, reader: User) -> str:
    """Say that it is a draft; and who began it, of whom nobody confirmed that they speak for the reader's organisation."""
    beginner: str = application.unproved_beginner  # type: ignore[attr-defined]
    if not beginner or application.coalition.created_by_id == reader.pk:
        return _("This is a draft. It has not been submitted.")
    return filled_in(_("This is a draft, begun by %(name)s, not confirmed as representative."), name=beginner)


def _draft_card(application: Application, reader: User, at: datetime) -> dict[str, Any]:
    next_round = round_for(at, application.call.rounds.all())
    return {
        "title": filled_in(
            _("Continue writing: %(title)s"), title=dutch(application.title or application.coalition.name)
        ),
        "text": _draft_text(application, reader),
        "meta": _("Next deadline: %(day)s") % {"day": moment_in_words(next_round.deadline_at)}
        if next_round
        else "",
        "url": reverse("applications:overview", args=[application.reference]),
    }


def _letter_card(letter: Letter) -> dict[str, Any]:
    application = letter.decision.application
    return {
        "title": filled_in(_("Read the letter: %(title)s"), title=dutch(application.title)),
        "text": _("There is a decision on this application."),
        "meta": application.reference,
        "url": reverse("applications:status", args=[application.reference]),
    }
