"""Kinds of data, from when their period counts, and what became of a row that was listed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKind(models.TextChoices):
    """What is kept for a period of its own."""

    DISCARDED_DRAFTS = "discarded_drafts", _("drafts that were discarded, with their attachments")
    UNSUBMITTED_DRAFTS = "unsubmitted_drafts", _("drafts that were never submitted, with their attachments")
    COALITIONS = "coalitions", _("coalitions of which no application is kept, with their contact persons")
    GRANTED = "granted", _("applications that were granted, with assessment, decision and letter")
    REFUSED = "refused", _("applications that were rejected or withdrawn, with their assessment")
    UNCONFIRMED_ACCOUNTS = "unconfirmed_accounts", _("accounts whose e-mail address was never confirmed")
    UNUSED_ACCOUNTS = (
        "unused_accounts",
        _("accounts that are no longer used and that no application or role needs"),
    )
    LINKS = "links", _("one-time links that no longer work and that nobody answered through")
    MAIL_TEXTS = "mail_texts", _("texts of e-mails that were sent")
    MESSAGES = "messages", _("messages between applicants and the programme office, with their files")
    CALL_QUESTIONS = (
        "call_questions",
        _("questions about a call as they were asked, with who asked; the public answer stays"),
    )
    TAKEOVER_PROOFS = (
        "takeover_proofs",
        _(
            "what somebody wrote and showed to get the draft of a colleague who left; who asked, and what was decided, stays"
        ),
    )
    BANK_ACCOUNTS = "bank_accounts", _("bank accounts of grants, with who gave and who checked them")
    ASKED_PEOPLE = (
        "asked_people",
        _("name and address of people who are asked whether a kwartiermaker may keep more of them"),
    )
    PEOPLE = "people", _("people who agreed to be kept by a kwartiermaker, with talks and e-mails")
    AGREEMENTS = (
        "agreements",
        _("agreements to public texts that are over: who was asked, who answered, and to which text"),
    )
    CORRECTIONS = "corrections", _("corrections of public texts that visitors asked, with the answer")
    RESIDENT_MESSAGES = (
        "resident_messages",
        _("what residents wrote to the kwartiermaker of their region, with name, address and e-mails"),
    )
    FOLLOWERS = "followers", _("addresses to which we mail what is new in a region")
    REGIONAL_PICTURES = (
        "regional_pictures",
        _("regional pictures that are not public, with their document and who asked for it"),
    )
    EVENTS = "events", _("the event log: who did what and when, by number, without content")


# Erased the moment their period is over, or at once when the person asks: nobody needs to approve it first.
ERASED_AT_ONCE = frozenset(
    {DataKind.ASKED_PEOPLE, DataKind.PEOPLE, DataKind.RESIDENT_MESSAGES, DataKind.FOLLOWERS}
)


class CountsFrom(models.TextChoices):
    """The moment from which a period counts."""

    DISCARDED = "discarded", _("the day the draft was discarded")
    CALL_CLOSED = "call_closed", _("the day the call closed, or the last change after it")
    LAST_CHANGE = "last_change", _("the last change")
    DECIDED = "decided", _("the decision, or the withdrawal")
    REGISTERED = "registered", _("the day of registration")
    LAST_LOG_IN = "last_log_in", _("the last log-in")
    LINK_ENDED = "link_ended", _("the day the link stopped working")
    SENT = "sent", _("the day the e-mail was sent")
    ASKED = "asked", _("the day they were written down")
    CONSENTED = "consented", _("the day they agreed, or agreed once more")
    SETTLED = "settled", _("the day it was answered or ended")
    MADE = "made", _("the day it was made, or was public last")
    HAPPENED = "happened", _("the event")


class Unit(models.TextChoices):
    """What the length of a period is counted in."""

    DAYS = "days", _("days")
    YEARS = "years", _("years")


class Method(models.TextChoices):
    """How something is destroyed."""

    REMOVED = "removed", _("removed from the database, and its files from the storage")
    EMPTIED = "emptied", _("text removed; to whom, about what and when it was sent stays")


class RowOutcome(models.TextChoices):
    """What became of a row that a report listed."""

    DESTROYED = "destroyed", _("destroyed")
    KEPT = "kept", _("kept: it changed after it was listed")


class ReportState(models.TextChoices):
    """How far a report is."""

    WAITING = "waiting", _("waiting for approval")
    APPROVED_ONCE = "approved_once", _("waiting for a second approval")
    COUNTING_DOWN = "counting_down", _("approved, can still be taken back")
    DESTROYING = "destroying", _("being destroyed")
    DECLARED = "declared", _("destroyed")
    TAKEN_BACK = "taken_back", _("taken back")
