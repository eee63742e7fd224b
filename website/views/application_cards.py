"""Cards of the start page about an application: each tells what somebody has to do, and where."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Collaborator, Handover, LeadOffer
from applications.queries.tasks import due_on_of
from hubportal.kernel.dates import day_in_words, moment_in_words
from hubportal.kernel.languages import dutch, filled_in
from takeovers.models import Takeover


def invitation_card(invited: Collaborator) -> dict[str, Any]:
    """Return the card of an invitation to write a draft along."""
    coalition = invited.application.coalition
    inviting = dutch(invited.invited_by.full_name)
    return {
        "title": filled_in(_("Do you write along? %(lead)s"), lead=dutch(coalition.lead_name)),
        "text": filled_in(_("%(name)s invited you to an application."), name=inviting),
        "meta": dutch(coalition.region.name),
        "url": reverse("applications:invitation", args=[invited.key]),
    }


def offer_card(offered: Handover) -> dict[str, Any]:
    """Return the card of an offer to become the contact person."""
    application = offered.application
    return {
        "title": filled_in(
            _("Do you become the contact person? %(coalition)s"), coalition=dutch(application.coalition.name)
        ),
        "text": filled_in(
            _("%(name)s wants to hand this over to you."), name=dutch(offered.holder.full_name)
        ),
        "meta": application.reference,
        "url": reverse("applications:contact", args=[application.reference]),
    }


def lead_offer_card(offer: LeadOffer) -> dict[str, Any]:
    """Return the card of an offer of the lead, to who can answer it."""
    coalition = offer.coalition
    return {
        "title": filled_in(
            _("Will %(partner)s take the lead? %(coalition)s"),
            partner=dutch(offer.place.stated_name),
            coalition=dutch(coalition.name),
        ),
        "text": filled_in(
            _("%(lead)s asks your organisation to lead the coalition."), lead=dutch(coalition.lead_name)
        ),
        "meta": _("Answer before %(day)s") % {"day": moment_in_words(offer.lapses_at)},
        "url": reverse("applications:lead_offer", args=[offer.key]),
    }


def takeover_card(takeover: Takeover) -> dict[str, Any]:
    """Return the card of a request for a draft, to who can stop it."""
    application = takeover.application
    assert application is not None  # it is about one
    return {
        "title": filled_in(
            _("Somebody asks for your application: %(coalition)s"),
            coalition=dutch(application.coalition.name),
        ),
        "text": filled_in(
            _("%(name)s asks the programme office for it. Say no if this is not right."),
            name=dutch(takeover.asked_by.full_name),
        ),
        "meta": application.reference,
        "url": reverse("takeovers:of_draft", args=[application.reference]),
    }


def task_card(application: Application, task: dict[str, Any]) -> dict[str, Any]:
    """Return the card of a task of somebody in a draft."""
    name = dutch(application.title or application.coalition.name)
    return {
        "title": filled_in(_("Your task: %(what)s"), what=dutch(task["what"])),
        "text": name,
        "meta": _("By %(day)s") % {"day": day_in_words(due_on_of(task))},
        "url": reverse("applications:tasks", args=[application.reference]),
    }


def completion_card(application: Application) -> dict[str, Any]:
    """Return the card of what is to be completed."""
    name, last_day = (
        dutch(application.title or application.coalition.name),
        application.awaits_completion_until,
    )
    assert last_day is not None  # it is awaited
    return {
        "title": filled_in(_("Complete the application: %(title)s"), title=name),
        "text": _("The programme office asked you to add something."),
        "meta": _("By %(day)s") % {"day": day_in_words(last_day)},
        "url": reverse("completions:completion", args=[application.reference]),
    }


def message_card(application: Application) -> dict[str, Any]:
    """Return the card of what the office wrote."""
    name = dutch(application.title or application.coalition.name)
    return {
        "title": filled_in(_("Read the message: %(title)s"), title=name),
        "text": _("The programme office wrote to you about this application."),
        "meta": application.reference,
        "url": reverse("correspondence:conversations", args=[application.reference]),
    }
