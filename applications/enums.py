"""States of an application and kinds of what belongs to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Status of an application; only ``domain.lifecycle`` changes it (rule 21)."""

    DRAFT = "draft", _("draft, not submitted")
    SUBMITTED = "submitted", _("submitted")
    SEALED = "sealed", _("in assessment")
    ADVISED = "advised", _("advice adopted")
    GRANTED = "granted", _("granted")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


# How many days a discarded draft can be put back as it was (rule 21).
UNDO_DAYS = 30
# How many hours what was submitted can be put back after its withdrawal, while its round is open.
REINSTATE_HOURS = 24

# Neither decided nor withdrawn.
OPEN_STATUSES = frozenset({Status.DRAFT, Status.SUBMITTED, Status.SEALED, Status.ADVISED})
# A coalition has at most one of these per call (rule 11).
OPEN_OR_GRANTED_STATUSES = OPEN_STATUSES | {Status.GRANTED}
# Ever submitted.
RECEIVED_STATUSES = frozenset(
    {Status.SUBMITTED, Status.SEALED, Status.ADVISED, Status.GRANTED, Status.REJECTED}
)
UNDECIDED_STATUSES = frozenset({Status.SUBMITTED, Status.SEALED, Status.ADVISED})
# Being assessed by committee and office, or decided.
ASSESSED_STATUSES = frozenset({Status.SEALED, Status.ADVISED, Status.GRANTED, Status.REJECTED})


class Part(models.TextChoices):
    """What of a draft is saved by itself and keeps its earlier versions (rule 32)."""

    SECTION = "section", _("Text of a section")
    PARTICULARS = "particulars", _("Title and dates")
    BUDGET = "budget", _("Budget")


class SigningRole(models.TextChoices):
    """Who signs the declaration (rule 10)."""

    MAIN_APPLICANT = "main_applicant", _("main applicant (hoofdaanvrager)")
    AUTHORISED_SIGNATORY = "authorised_signatory", _("authorised signatory (bestuurlijk verantwoordelijke)")


class LinkPurpose(models.TextChoices):
    """What a one-time link lets somebody do."""

    CONSENT = "consent", _("give consent")
    SIGN = "sign", _("sign the declaration")


class ReminderKind(models.TextChoices):
    """Of what the portal reminds or tells once a day; each person chooses which of these mails to get."""

    FIRST = "first", _("About a week before a deadline, while your draft is not submitted")
    LAST = "last", _("About two days before a deadline, while your draft is not submitted")
    PASSED = "passed", _("After a deadline that passed, while your draft was not submitted")
    PARTNER = (
        "partner",
        _("While a coalition waits for your answer: before a deadline, or when it asks us to remind you"),
    )
    OVERVIEW = "overview", _("Each morning, when others did something in your drafts")


class ConsentAnswer(models.TextChoices):
    """What a partner answered."""

    GIVEN = "given", _("given")
    DECLINED = "declined", _("declined")


class MoveReason(models.TextChoices):
    """Why an application moved without a person who moved it, or moved back; kept in the event log."""

    DEADLINE = "deadline", _("the deadline has passed")
    LETTER_PRODUCED = "letter produced", _("the letter was made")
    LETTER_POSTED = "letter posted", _("the letter was posted")
    ADVICE_WITHDRAWN = "advice withdrawn", _("the advice was taken back")


class HandoverKind(models.TextChoices):
    """How somebody else becomes the contact person of the lead (rule 39)."""

    OFFER = "offer", _("handed over")
    TAKEOVER = "takeover", _("taken over")


class HandoverState(models.TextChoices):
    """What became of it."""

    OPEN = "open", _("open")
    DONE = "done", _("took effect")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")
    STOPPED = "stopped", _("stopped")
    LAPSED = "lapsed", _("lapsed")


class LeadOfferState(models.TextChoices):
    """What became of an offer of the lead (rule 44)."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")
    STOPPED = "stopped", _("stopped")
    LAPSED = "lapsed", _("lapsed")


class CollaboratorRight(models.TextChoices):
    """What somebody who was invited to a draft can do in it (rule 37)."""

    WRITE = "write", _("read and write along")
    READ = "read", _("read only")


class CollaborationState(models.TextChoices):
    """What became of an invitation to a draft."""

    INVITED = "invited", _("invited, no answer yet")
    JOINED = "joined", _("takes part")
    DECLINED = "declined", _("declined")
    ENDED = "ended", _("ended")
