"""Invariants of people (rule 23)."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation, each_breaks
from people.events import ERASED
from people.models import MappedPerson, PersonConsent, PersonEngagement, PersonTalk
from people.queries import mails_without_person

_CONSTRAINTS = {
    "mapped_person_can_be_reached": 23,
    "mapped_person_only_to_be_asked_before_consent": 23,
    "mapped_person_speaks_for_one": 23,
    "mapped_person_kept_for_a_while": 23,
    "person_consent_in_a_known_way": 23,
    "person_consent_by_link_or_recorded_by_somebody": 23,
    "person_consent_ends_later": 23,
    "person_link_of_a_known_use": 23,
    "person_link_lasts_or_works_once": 23,
    "person_talk_followed_up_where_planned": 23,
    "person_engagement_of_a_known_form": 23,
    "erasure_receipt_of_a_known_reason": 23,
    "erasure_receipt_chosen_by_a_kwartiermaker": 23,
}


def violations() -> Iterator[Violation]:
    """Yield each person kept without a consent or past its end, and each trace of somebody who was erased."""
    last = PersonConsent.objects.filter(person=OuterRef("pk")).order_by("-given_at", "-pk")
    people = MappedPerson.objects.annotate(
        given_at=Subquery(last.values("given_at")[:1]), ends_at=Subquery(last.values("ends_at")[:1])
    )
    agreed = people.filter(consented_at__isnull=False)
    proved = agreed.filter(given_at=F("consented_at"), ends_at=F("kept_until"))
    yield from each_breaks(
        23, agreed.exclude(pk__in=proved.values("pk")), "is kept by no recorded consent with this end"
    )
    yield from each_breaks(
        23, people.filter(consented_at=None, given_at__isnull=False), "agreed but counts as being asked"
    )
    early = PersonTalk.objects.filter(person__consented_at=None)
    yield from each_breaks(23, early, "is a talk with somebody who did not agree")
    early_part = PersonEngagement.objects.filter(person__consented_at=None)
    yield from each_breaks(23, early_part, "takes part in a question without having agreed to be kept")
    elsewhere = PersonEngagement.objects.exclude(question__region=F("person__region"))
    yield from each_breaks(22, elsewhere, "takes part in a question of another region")
    recorded = PersonConsent.objects.filter(~Q(way="link"), person__links__made_at__lte=F("given_at"))
    yield from each_breaks(
        23, recorded.distinct(), "was recorded by a kwartiermaker of somebody who was asked by e-mail"
    )
    erased = AuditEvent.objects.filter(subject_type=MappedPerson._meta.label_lower, act=ERASED.name)
    there = MappedPerson.objects.filter(pk__in=erased.values("subject_id"))
    yield from each_breaks(23, there, "counts as erased and is still there")
    yield from each_breaks(23, mails_without_person(), "is a mail to somebody who was erased")
    yield from broken_constraints("people", _CONSTRAINTS)
