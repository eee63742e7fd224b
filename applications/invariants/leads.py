"""Invariants of who leads a coalition, and of offering that (rule 44)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q

from applications.enums import LeadOfferState, Status
from applications.models import Application, LeadOffer
from coalitions.models import Coalition
from hubportal.kernel.invariants import Violation, each_breaks
from organisations.models import Representative
from organisations.unbroken import lasted_until


def violations() -> Iterator[Violation]:
    """Yield each coalition with a lead that nobody offered or accepted, and each offer that broke its rule."""
    return chain(_leads(), _offers())


def _leads() -> Iterator[Violation]:
    by_offer = LeadOffer.objects.filter(
        coalition=OuterRef("pk"),
        state=LeadOfferState.ACCEPTED,
        settled_at=OuterRef("lead_taken_at"),
        place__is_lead=True,
    )
    taken = Coalition.objects.exclude(lead_taken_at=None)
    yield from each_breaks(44, taken.exclude(Exists(by_offer)), "is led by whom nobody offered it")
    later = Q(lead_named_at=None) | Q(lead_named_at__lt=F("lead_taken_at"))
    yield from each_breaks(44, taken.filter(later), "keeps consents that were given to another lead")


def _offers() -> Iterator[Violation]:
    accepted = LeadOffer.objects.filter(state=LeadOfferState.ACCEPTED)
    spoke = Representative.objects.filter(
        lasted_until(OuterRef("settled_at")),
        user=OuterRef("settled_by"),
        organisation=OuterRef("place__organisation"),
        proved_at__lte=OuterRef("settled_at"),
    )
    yield from each_breaks(
        44,
        accepted.exclude(Exists(spoke)),
        "was accepted by somebody of whom it was not proved that they speak for the organisation",
    )
    same = Q(settled_by__mailbox=F("offered_by__mailbox")) | Q(settled_by__mailbox=F("contact__mailbox"))
    yield from each_breaks(28, accepted.filter(same), "was accepted through the mailbox of the other side")
    before = Application.objects.filter(
        coalition=OuterRef("coalition"), submitted_at__lte=OuterRef("settled_at")
    )
    yield from each_breaks(44, accepted.filter(Exists(before)), "moved the lead of what was submitted")
    yield from each_breaks(
        44, LeadOffer.objects.exclude(place__coalition=F("coalition")), "is to a partner of another coalition"
    )
    drafts = Application.objects.filter(coalition=OuterRef("coalition"), status=Status.DRAFT)
    waiting = LeadOffer.objects.filter(state=LeadOfferState.OPEN)
    yield from each_breaks(
        44, waiting.exclude(Exists(drafts)), "is an offer of the lead of what is no draft any more"
    )
