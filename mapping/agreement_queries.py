"""Reads of what organisations agreed to: what is in force, what was asked, and what waits."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.crypto import salted_hmac

from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import mailboxes_of
from mapping.cards import Card, shown_card
from mapping.enums import AgreementState
from mapping.models import PublishingRequest, RefusedNumber
from mapping.queries import organisations_mapped_by, regions_of
from organisations.models import Organisation
from organisations.queries import (
    organisations_in,
    proved_representatives,
    regions_of_organisation,
    with_kvk_number,
)
from regions.models import Region

# How long before the end somebody is reminded, once.
REMIND_BEFORE = timedelta(days=10)


def in_force() -> QuerySet[PublishingRequest]:
    """Return the agreements whose text visitors read once the organisation is public."""
    return PublishingRequest.objects.filter(
        state=AgreementState.AGREED, accepted_at__isnull=False, ended_at=None
    )


def agreement_of(organisation: Organisation) -> PublishingRequest | None:
    """Return the agreement of an organisation that is in force, if there is one."""
    return in_force().filter(organisation=organisation).first()


def agreements_of(organisations: Iterable[int]) -> dict[int, PublishingRequest]:
    """Return the agreement of each of these organisations that is in force, by the key of the organisation."""
    return {each.organisation_id: each for each in in_force().filter(organisation__in=list(organisations))}


def shown_in_stream(stream: str) -> Q:
    """Return the condition that visitors read of an organisation that it belongs to a stream."""
    agreed = in_force().filter(organisation=OuterRef("pk"))
    return Q(Exists(agreed.filter(text__streams__contains=[stream]))) | (
        ~Q(Exists(agreed)) & Q(streams__contains=[stream])
    )


def public_card_of(kvk_number: str) -> Card | None:
    """Return what everybody reads of the organisation with a KvK number, if some region shows it; of any other nothing (rule 26)."""
    published = with_kvk_number(kvk_number).filter(published_at__isnull=False, mapped_at__isnull=False)
    organisation = published.select_related("municipality").first() if kvk_number else None
    if organisation is None or not regions_of_organisation(organisation).exists():
        return None
    return shown_card(organisation, agreement_of(organisation)).card


def has_declined(organisation: Organisation) -> bool:
    """Tell whether the last word of an organisation is that it does not want to be public.

    Also if it said so on the map of another region, or before it left every map: that is remembered by its number, until
    somebody agrees who may come back on it. An agreement of before, given without this number, is not such a one.
    """
    last = last_word_of(organisation)
    return (last is not None and last.is_refusal) or refused_under(organisation.kvk_number).exists()


def refused_under(kvk_number: str) -> QuerySet[RefusedNumber]:
    """Return what is remembered of a KvK number whose organisation declined, on whichever map."""
    digests = [number_digest(kvk_number)] if kvk_number else []
    return RefusedNumber.objects.filter(number_digest__in=digests)


def last_word_of(organisation: Organisation) -> PublishingRequest | None:
    """Return the last answer of an organisation, if it ever gave one."""
    return answers_first().filter(organisation=organisation, answered_at__isnull=False).first()


def may_come_back_on_refusal(organisation: Organisation, box: str) -> bool:
    """Tell whether a mailbox may agree for an organisation that declined: the one that declined, or of who speaks for it.

    Anybody else's yes would undo a no that its owner meant (rules 23, 27 and 28).
    """
    if not has_declined(organisation):
        return True
    last, number = last_word_of(organisation), organisation.kvk_number
    said_here = last is None or not last.is_refusal or last.mailbox == box
    elsewhere = refused_under(number).exclude(mailbox_digest=mailbox_digest(box))
    if said_here and not elsewhere.exists():
        return True
    same = Q(organisation=organisation) | (Q(organisation__kvk_number=number) if number else Q())
    speakers = proved_representatives().filter(same).select_related("user")
    return box in mailboxes_of(each.user for each in speakers)


def number_digest(kvk_number: str) -> str:
    """Return the digest of a KvK number, by the secret key of the portal: without it all numbers could be tried."""
    return salted_hmac("mapping.refused_number", kvk_number, algorithm="sha256").hexdigest()


def mailbox_digest(box: str) -> str:
    """Return the digest of a mailbox that declined, keyed as that of a number."""
    return salted_hmac("mapping.refused_mailbox", box, algorithm="sha256").hexdigest()


def answers_first() -> QuerySet[PublishingRequest]:
    """Return what was asked, answers first, the last word in front."""
    said_at = Case(When(state=AgreementState.WITHDRAWN, then=F("ended_at")), default=F("answered_at"))
    said = PublishingRequest.objects.annotate(said_at=said_at)
    return said.order_by(F("said_at").desc(nulls_last=True), "-pk")


def requests_in(organisation: Organisation, region: Region) -> QuerySet[PublishingRequest]:
    """Return what a region asked an organisation, the latest first; what others asked is theirs (rule 26)."""
    asked = PublishingRequest.objects.filter(organisation=organisation, region=region)
    return asked.select_related("asked_by", "accepted_by").order_by("-asked_at", "-pk")


def request_with(digest: str) -> PublishingRequest | None:
    """Return the question whose secret has a digest, whether it can still be answered or not."""
    return _with_all().filter(Q(secret_digest=digest) | Q(reminder_digest=digest)).first()


def agreement_with(digest: str) -> PublishingRequest | None:
    """Return the agreement whose lasting secret has a digest, whether it still holds or not."""
    return _with_all().filter(lasting_digest=digest).first()


def _with_all() -> QuerySet[PublishingRequest]:
    return PublishingRequest.objects.select_related("organisation__municipality", "region", "asked_by")


def is_on_its_map(request: PublishingRequest) -> bool:
    """Tell whether the organisation is still on the map of the region that asked."""
    return organisations_in(request.region).filter(pk=request.organisation_id).exists()


def corrections_to_take_over(user: Person) -> QuerySet[PublishingRequest]:
    """Return the agreements to a corrected text that a kwartiermaker has to take over, the longest waiting first."""
    waiting = PublishingRequest.objects.filter(
        state=AgreementState.AGREED, accepted_at=None, ended_at=None, region__in=regions_of(user).values("pk")
    )
    here = waiting.filter(organisation__in=organisations_mapped_by(user).order_by().values("pk"))
    return here.select_related("organisation", "region").order_by("answered_at", "pk")


def questions_open_in(region: Region, *, at: datetime) -> QuerySet[PublishingRequest]:
    """Return what a region asked and was not answered yet, what ends first in front."""
    asked = PublishingRequest.objects.filter(region=region, state=AgreementState.ASKED, expires_at__gt=at)
    here = asked.filter(organisation__in=organisations_in(region).order_by().values("pk"))
    return here.select_related("organisation").order_by("expires_at", "pk")


def questions_to_remind(*, at: datetime) -> QuerySet[PublishingRequest]:
    """Return the questions that end soon and of which nobody was reminded yet."""
    asked = PublishingRequest.objects.filter(state=AgreementState.ASKED, reminded_at=None)
    return asked.filter(expires_at__gt=at, expires_at__lte=at + REMIND_BEFORE).order_by("expires_at", "pk")
