"""Invariants of the parties of an application and the people who answer for them (rules 8, 10 and 11)."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from applications.domain.nudging import QUIET
from applications.domain.readiness import share_a_mailbox
from applications.enums import (
    RECEIVED_STATUSES,
    ConsentAnswer,
    HandoverKind,
    HandoverState,
    LinkPurpose,
    SigningRole,
)
from applications.models import (
    Application,
    ApplicationPeople,
    Collaborator,
    Consent,
    DeclarationSignature,
    Handover,
    Nudge,
    OneTimeLink,
    Writer,
)
from applications.queries.parties import begun_for_lead
from applications.queries.signing import signing_ends
from coalitions.models import Participation
from hubportal.kernel.invariants import Violation, all_but, each_breaks
from hubportal.kernel.mailboxes import mailbox
from organisations.models import Representative
from organisations.unbroken import lasted_until


def violations() -> Iterator[Violation]:
    """Yield each row that breaks a rule of consent, of the people named, or of several coalitions."""
    return chain(
        _consents(),
        _collaborators(),
        _nudges(),
        _contacts(),
        _speakers(),
        _mailboxes(),
        _people(),
        _signatures(),
        _several_coalitions(),
    )


def _consents() -> Iterator[Violation]:
    lead = _spoke("user__mailbox", "application__coalition__lead_organisation", "answered_at")
    began = Q(user__mailbox=F("application__created_by__mailbox")) & begun_for_lead("application")
    own = Consent.objects.filter(_answered_to_lead(), lead | _helped() | began)
    yield from each_breaks(8, own, "was given through an account of the applicant")
    later = Consent.objects.filter(
        application=OuterRef("application"),
        participation=OuterRef("participation"),
        answered_at__gt=OuterRef("answered_at"),
    )
    leading = "application__coalition__lead_organisation", "application__submitted_at"
    by_lead = Q(_spoke("user__mailbox", *leading)) | Q(_spoke("reader__mailbox", *leading))
    stood = Consent.objects.filter(by_lead, ~Exists(later), _answered_to_lead(), answer=ConsentAnswer.GIVEN)
    yield from each_breaks(8, stood, "counted when who gave it represented the lead")
    outside = Consent.objects.exclude(participation__coalition=F("application__coalition"))
    yield from each_breaks(8, outside, "is of an organisation outside the coalition")
    linked = Consent.objects.filter(link__isnull=False)
    yield from each_breaks(
        8,
        all_but(
            linked,
            link__purpose=LinkPurpose.CONSENT,
            link__application=F("application"),
            link__participation=F("participation"),
            link__used_at__isnull=False,
        ),
        "was given through a link that was not for this",
    )


def _answered_to_lead() -> Q:
    """Return the condition that a consent was given to the lead of now, and not to an earlier one, when others led (rule 44)."""
    taken = "application__coalition__lead_taken_at"
    return Q(**{taken: None}) | Q(answered_at__gt=F(taken))


def _nudges() -> Iterator[Violation]:
    own = Q(link__application=F("application")) | Q(collaborator__application=F("application"))
    yield from each_breaks(37, Nudge.objects.exclude(own), "reminds of what was asked in another application")
    same = Q(link__isnull=False, link=OuterRef("link")) | Q(
        collaborator__isnull=False, collaborator=OuterRef("collaborator")
    )
    sooner = Nudge.objects.filter(
        same, nudged_at__lte=OuterRef("nudged_at"), nudged_at__gt=OuterRef("nudged_at") - QUIET
    ).exclude(pk=OuterRef("pk"))
    yield from each_breaks(37, Nudge.objects.filter(Exists(sooner)), "came too soon after another")


def _contacts() -> Iterator[Violation]:
    # Handed over, or given by the office and given back: always to who spoke for the lead.
    spoke = Representative.objects.filter(
        user=OuterRef("contact"),
        organisation=OuterRef("coalition__lead_organisation"),
        proved_at__isnull=False,
    )
    named = Application.objects.exclude(contact=None)
    yield from each_breaks(
        39, named.exclude(Exists(spoke)), "has a contact person who never spoke for its lead"
    )
    sooner = Handover.objects.filter(
        kind=HandoverKind.TAKEOVER, state=HandoverState.DONE, settled_at__lt=F("takes_effect_at")
    )
    yield from each_breaks(39, sooner, "took effect before its wait was over")


def _helped() -> Exists:
    """Return, for consents by an account, whether its owner helped the lead to write then, or had written before (rule 37)."""
    wrote = Writer.objects.filter(application=OuterRef("application"), user=OuterRef("user"))
    then = Q(ended_at=None) | Q(ended_at__gt=OuterRef("answered_at")) | Q(Exists(wrote))
    return Exists(
        Collaborator.objects.filter(
            then,
            Q(participation=None) | Q(participation__is_lead=True),
            user__mailbox=OuterRef("user__mailbox"),
            application=OuterRef("application"),
            answered_at__lte=OuterRef("answered_at"),
        )
    )


def _collaborators() -> Iterator[Violation]:
    """Yield who takes part for an organisation outside the coalition, or came in after the submission (rule 37)."""
    everybody = Collaborator.objects.all()
    outside = everybody.filter(participation__isnull=False).exclude(
        participation__coalition=F("application__coalition")
    )
    yield from each_breaks(37, outside, "takes part for an organisation outside the coalition")
    late = everybody.filter(user__isnull=False, answered_at__gt=F("application__submitted_at"))
    yield from each_breaks(37, late, "came to take part after the submission")


def _speakers() -> Iterator[Violation]:
    """Yield what was submitted or answered by an account of which it was not proved for whom it spoke (rule 27)."""
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    yield from each_breaks(
        27,
        received.filter(~_spoke("submitted_by", "coalition__lead_organisation", "submitted_at")),
        "was submitted by somebody of whom it was not proved that they speak for its lead organisation",
    )
    asked = OneTimeLink.objects.filter(
        participation=OuterRef("participation"), email__iexact=OuterRef("user__email")
    )
    by_account = Consent.objects.filter(link=None, user__isnull=False)
    named = Q(participation__contact_email__iexact=F("user__email")) | Exists(asked)
    yield from each_breaks(
        27,
        by_account.filter(~_spoke("user", "participation__organisation", "answered_at")).exclude(named),
        "was given by somebody who was not asked, and of whom it was not proved for whom they speak",
    )


def _spoke(user: str, organisation: str, at: str) -> Exists:
    """Return, for rows that lead to a person or mailbox, an organisation and a moment, whether it was proved then."""
    return Exists(
        Representative.objects.filter(
            lasted_until(OuterRef(at)),
            **{"user__mailbox" if user.endswith("mailbox") else "user": OuterRef(user)},
            organisation=OuterRef(organisation),
            proved_at__lte=OuterRef(at),
        )
    )


def _mailboxes() -> Iterator[Violation]:
    """Yield each consent through a link to the mailbox of who asked, or of another speaker for the lead."""
    asked = Consent.objects.filter(_answered_to_lead(), link__isnull=False).order_by("pk")
    # As the act judges it: who speaks for the lead when it is asked, not who did once.
    speakers = "application__coalition__lead_organisation__representatives"
    then = Q(**{f"{speakers}__ended_at": None}) | Q(**{f"{speakers}__ended_at__gt": F("link__asked_at")})
    speaking = then & Q(**{f"{speakers}__proved_at__lte": F("link__asked_at")})
    pairs = asked.values_list("pk", "link__email", "link__asked_by__email").union(
        asked.filter(speaking).values_list("pk", "link__email", f"{speakers}__user__email")
    )
    own = {row for row, partner, applicant in pairs if mailbox(partner) == mailbox(applicant)}
    for row in sorted(own):
        yield Violation(8, Consent._meta.label, row, "was given through a mailbox of the applicant")


def _people() -> Iterator[Violation]:
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    yield from each_breaks(
        10,
        all_but(received, people__main_applicant_organisation=F("coalition__lead_organisation")),
        "its main applicant is not of the lead organisation",
    )
    unnamed = (
        Q(
            people__main_applicant_name="",
        )
        | Q(people__signatory_name="")
        | Q(people__signatory_organisation=None)
        | Q(people__leader_name="")
    )
    yield from each_breaks(
        10,
        received.filter(unnamed, people__isnull=False),
        "does not name its main applicant, signatory and project leader",
    )
    for people in ApplicationPeople.objects.filter(application__in=received.values("pk")).order_by("pk"):
        if share_a_mailbox(people):
            yield Violation(
                28, ApplicationPeople._meta.label, people.pk, "would have two people sign through one mailbox"
            )


def _signatures() -> Iterator[Violation]:
    signatures = DeclarationSignature.objects.all()
    yield from each_breaks(
        10, all_but(signatures, content_sha256=F("application__frozen__sha256")), "signs another content"
    )
    signed = Application.objects.annotate(number=Count("signatures"), last=Max("signatures__signed_at"))
    by_both = Q(number=len(SigningRole))
    right = Q(by_both, fully_signed_at=F("last")) | Q(~by_both, fully_signed_at=None)
    miscounted = Application.objects.exclude(pk__in=signed.filter(right).values("pk"))
    yield from each_breaks(10, miscounted, "has another moment of both signatures than they have")
    late = signatures.filter(signed_at__gte=signing_ends("application__"))
    yield from each_breaks(10, late, "was given after the term to sign")
    yield from each_breaks(
        10,
        all_but(
            signatures.filter(link__isnull=False),
            link__purpose=LinkPurpose.SIGN,
            link__application=F("application"),
            link__signing_role=F("role"),
            link__used_at__isnull=False,
        ),
        "was given through a link that was not for this",
    )


def _several_coalitions() -> Iterator[Violation]:
    """Yield each received application beside another of its organisations or region, where the call takes one."""
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    others = received.filter(call=OuterRef("call")).exclude(coalition=OuterRef("coalition"))
    same_region = others.filter(coalition__region=OuterRef("coalition__region"))
    one_per_region = received.filter(call__allows_several_coalitions_per_region=False)
    yield from each_breaks(
        11, one_per_region.filter(Exists(same_region)), "is not the only one of its region in the call"
    )
    member = Participation.objects.filter(
        coalition=OuterRef("coalition"),
        organisation__participations__coalition__in=_elsewhere(received),
    )
    one_per_organisation = received.filter(call__allows_several_coalitions_per_organisation=False)
    yield from each_breaks(
        11,
        one_per_organisation.filter(Exists(member)),
        "has an organisation that takes part in another application of the call",
    )


def _elsewhere(received: QuerySet[Application]) -> Any:
    """Return the other coalitions whose application the same call received, two queries out."""
    others = received.filter(call=OuterRef(OuterRef("call")))
    return others.exclude(coalition=OuterRef(OuterRef("coalition"))).values("coalition")
