"""Invariants of the map (rules 22 and 23)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import F, OuterRef, Q, Subquery

from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation, all_but, each_breaks
from mapping.agreement_queries import has_declined, last_word_of, number_digest
from mapping.cards import agreed_card
from mapping.enums import AgreementState
from mapping.events import (
    AGREEMENT_WITHDRAWN,
    DECLINED,
    ORGANISATION_PUBLISHED,
    ORGANISATION_UNPUBLISHED,
    PUBLISHED_AS_AGREED,
)
from mapping.models import Engagement, ParticipationQuestion, PublishingRequest, RefusedNumber
from organisations.models import Organisation

_BY_KWARTIERMAKER = [ORGANISATION_PUBLISHED.name, ORGANISATION_UNPUBLISHED.name]
_BY_ORGANISATION = [PUBLISHED_AS_AGREED.name, DECLINED.name, AGREEMENT_WITHDRAWN.name]
_PUBLISHING = [ORGANISATION_PUBLISHED.name, PUBLISHED_AS_AGREED.name]


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_questions(), _published(), _agreed(), _declined())


def _questions() -> Iterator[Violation]:
    """Yield what a kwartiermaker of one region could not have written of another."""
    local = ParticipationQuestion.objects.filter(municipality__isnull=False)
    yield from each_breaks(
        22, local.exclude(municipality__region=F("region")), "concerns a municipality of another region"
    )
    active = Q(organisation__municipality__region=F("question__region")) | Q(
        organisation__works_in=F("question__region")
    )
    # On no map, it waits with what was merged away until that is undone.
    elsewhere = all_but(Engagement.objects.filter(organisation__mapped_at__isnull=False), active)
    yield from each_breaks(22, elsewhere, "involves an organisation that is not active in the region")


def _published() -> Iterator[Violation]:
    """Yield each organisation that is public while the last word, its own or of a kwartiermaker, was not to publish it."""
    by_kwartiermaker = Q(act__in=_BY_KWARTIERMAKER, actor_id__isnull=False)
    words = AuditEvent.objects.filter(
        by_kwartiermaker | Q(act__in=_BY_ORGANISATION),
        subject_type=Organisation._meta.label_lower,
        subject_id=OuterRef("pk"),
    ).order_by("-pk")
    public = Organisation.objects.filter(published_at__isnull=False)
    told = public.annotate(last_word=Subquery(words.values("act")[:1]))
    yield from each_breaks(
        23,
        told.exclude(pk__in=told.filter(last_word__in=_PUBLISHING).values("pk")),
        "is public but nobody published it",
    )
    hidden = Organisation.objects.filter(published_at=None, published_by__isnull=False)
    yield from each_breaks(23, hidden, "names who published it but is not public")


def _agreed() -> Iterator[Violation]:
    """Yield each agreement whose text is not the one that was agreed to."""
    agreed = PublishingRequest.objects.filter(text__isnull=False)
    others = [each.pk for each in agreed.iterator() if agreed_card(each).digest != each.text_digest]
    yield from each_breaks(23, agreed.filter(pk__in=others), "holds another text than was agreed to")


def _declined() -> Iterator[Violation]:
    """Yield each organisation that is public though it declined under its number, on whichever map."""
    refused = set(RefusedNumber.objects.values_list("number_digest", flat=True))
    public = Organisation.objects.filter(published_at__isnull=False).exclude(kvk_number="")
    found = [each.pk for each in public if number_digest(each.kvk_number) in refused and has_declined(each)]
    yield from each_breaks(23, Organisation.objects.filter(pk__in=found), "is public though it declined")
    said = PublishingRequest.objects.filter(state__in=[AgreementState.DECLINED, AgreementState.WITHDRAWN])
    # A yes to one region lifts it by the number, while the row of another one keeps its own no.
    lifted = PublishingRequest.objects.filter(state=AgreementState.AGREED).values("organisation__kvk_number")
    numbered = Organisation.objects.filter(kvk_number__gt="", pk__in=said.values("organisation")).exclude(
        kvk_number__in=lifted
    )
    words = [(each, last_word_of(each)) for each in numbered if number_digest(each.kvk_number) not in refused]
    lost = [each.pk for each, word in words if word is not None and word.is_refusal]
    yield from each_breaks(
        23, Organisation.objects.filter(pk__in=lost), "declined, and that is not remembered by its number"
    )
