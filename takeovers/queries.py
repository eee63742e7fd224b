"""Reads of requests for a dossier: each reader has their own, and who asks learns nothing of the draft (rules 26 and 41)."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from applications.enums import Status
from applications.models import Application, Consent, OneTimeLink
from applications.queries import represented_by
from applications.queries.collaborators import joined_as_member
from calls.models import Call
from coalitions.models import Coalition, Participation
from hubportal.accounts.models import User
from hubportal.accounts.permissions import UNTIED_OFFICERS, Person
from hubportal.accounts.queries import accounts_of, accounts_of_mailbox, mailboxes_of
from hubportal.kernel.mailboxes import mailbox
from organisations.models import Organisation, Representative
from organisations.queries import accounts_naming, claims, keys_undisputed, proved_representatives
from reviews.taking_part import organisations_of_interest
from takeovers.enums import TakeoverState
from takeovers.models import Takeover, TakeoverProof
from takeovers.ties import drafts_tied_to

# Of one organisation in a day: strangers who ask over and over flood nobody; what is asked more waits until the next day.
MOST_WARNED_A_DAY = 3
_A_DAY = timedelta(days=1)
_SHORTEST_DAYS = 7


def claims_of(person: Person) -> QuerySet[Representative]:
    """Return of which organisations somebody says that they speak for them, without being proved: with one they ask for a dossier."""
    return claims().filter(user=person.pk)


def asked_by_mailbox(person: User) -> QuerySet[Takeover]:
    """Return what any account of a person's mailbox of now asked (rule 28): who has it after somebody else answers for nothing of theirs."""
    return Takeover.objects.filter(asked_by__in=accounts_of_mailbox(person).values("pk"))


def untold_of(person: User, organisation: Organisation) -> Takeover | None:
    """Return what somebody asked of an organisation and heard nothing of since."""
    return Takeover.objects.filter(asked_by=person, organisation=organisation, told_at=None).first()


def last_of(person: User, organisation: Organisation) -> Takeover | None:
    """Return what somebody asked of an organisation last."""
    return Takeover.objects.filter(asked_by=person, organisation=organisation).order_by("-pk").first()


def own_untold(person: Person) -> QuerySet[Takeover]:
    """Return what somebody asked and can take back: until they are told what became of it."""
    return Takeover.objects.filter(asked_by=person.pk, told_at=None)


def longest_days() -> int:
    """Return how many days the call that waits longest lets pass; what concerns no draft waits as long (rule 26)."""
    return Call.objects.aggregate(most=Max("takeover_days"))["most"] or _SHORTEST_DAYS


def draft_asked_for(takeover: Takeover) -> Application | None:
    """Return the draft that the organisation leads in the region, the one that was changed last; of several it does not matter which.

    Who speaks for the organisation opens all that it leads (rule 27), so what is granted with one is granted with every one.
    """
    drafts = Application.objects.filter(
        status=Status.DRAFT,
        coalition__lead_organisation=takeover.organisation_id,
        coalition__region=takeover.region_id,
    )
    return drafts.order_by("-changed_at", "-pk").first()


def takeovers_to_warn_of(*, at: datetime) -> QuerySet[Takeover]:
    """Return the requests of which nobody was warned yet, oldest first, but for what is too much about one organisation in a day."""
    lately = (
        Takeover.objects.filter(organisation=OuterRef("organisation"), warned_at__gt=at - _A_DAY)
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
    )
    waiting = Takeover.objects.filter(state=TakeoverState.OPEN, warned_at=None)
    counted = waiting.annotate(warned_lately=Coalesce(Subquery(lately.values("number")), 0))
    return counted.filter(warned_lately__lt=MOST_WARNED_A_DAY).order_by("asked_at", "pk")


def _is_of_its_draft() -> Q:
    """Return the condition that the application is a draft still, and led by the organisation of which it is asked (rule 44)."""
    return Q(application__status=Status.DRAFT, application__coalition__lead_organisation=F("organisation"))


def takeovers_to_tell(*, at: datetime) -> QuerySet[Takeover]:
    """Return what is no draft of the organisation any more, and what ended without the office and is told now, at a moment that tells nothing (rule 26)."""
    no_draft = Q(state=TakeoverState.OPEN, application__isnull=False) & ~_is_of_its_draft()
    ended = Q(state__in=[TakeoverState.STOPPED, TakeoverState.LAPSED], tell_from_at__lte=at)
    return Takeover.objects.filter(no_draft | ended, told_at=None).order_by("tell_from_at", "pk")


def stoppable_by(person: Person) -> QuerySet[Takeover]:
    """Return what somebody may stop: each request that is open for a draft whose lead they are proved to speak for (rule 27)."""
    spoken_for = represented_by(person).order_by().values("pk")
    # Whom a colleague disputes does not decide who goes on with it; the colleague can.
    drafts = Takeover.objects.filter(
        _is_of_its_draft(), application__in=spoken_for, organisation__in=keys_undisputed(person)
    )
    return drafts.filter(state=TakeoverState.OPEN).exclude(asked_by=person.pk)


def undoable_by(person: Person) -> QuerySet[Takeover]:
    """Return what somebody may undo: as who spoke for the lead before it was granted, or as an officer without an interest."""
    given = Takeover.objects.filter(state=TakeoverState.GRANTED, undone_at=None)
    if not person.is_authenticated:
        return given.none()
    earlier = proved_representatives().filter(
        user=person.pk,
        organisation=OuterRef("organisation"),
        proved_at__lt=OuterRef("settled_at"),
    )
    by_lead = given.filter(Exists(earlier)).exclude(asked_by__in=accounts_of_mailbox(person).values("pk"))
    by_office = _without_interest(given, person).order_by().values("pk")
    return given.filter(Q(pk__in=by_lead.order_by().values("pk")) | Q(pk__in=by_office))


def shown_in_draft(person: Person, application: Application) -> QuerySet[Takeover]:
    """Return what is open or in force of a draft for who speaks for its lead, the latest in front; never what one asked oneself."""
    alive = Q(state=TakeoverState.OPEN) | Q(state=TakeoverState.GRANTED, undone_at=None)
    # Of an earlier lead, it is no business of who leads now (rule 44).
    own = Q(organisation=application.coalition.lead_organisation_id, warned_at__isnull=False)
    rows = application.takeovers.filter(alive, own).exclude(asked_by=person.pk)
    return rows.select_related("asked_by", "holder", "settled_by").order_by("-pk")


def decided_by(person: Person) -> QuerySet[Takeover]:
    """Return the requests that this officer decides about: none of an organisation, draft or mailbox of theirs (rules 14 and 27)."""
    return _without_interest(Takeover.objects.all(), person)


def _without_interest(takeovers: QuerySet[Takeover], person: Person) -> QuerySet[Takeover]:
    # Nor who takes part in a call: it settles who speaks for a rival, and tells who drafts.
    if not UNTIED_OFFICERS.includes(person):
        return takeovers.none()
    own = Representative.objects.filter(user__in=accounts_naming(person))
    # Also of what concerns no draft, or none that was found yet; nobody declares in a draft.
    of_interest = organisations_of_interest(person)
    tied = takeovers.filter(application__in=drafts_tied_to(person, _asked_for())).order_by()
    return takeovers.exclude(
        Q(asked_by__in=accounts_of(person).values("pk"))
        | Q(organisation__in=of_interest)
        | Q(organisation__in=own.order_by().values("organisation"))
        | Q(pk__in=tied.values("pk"))
    )


def _asked_for() -> QuerySet[Application]:
    asked = Takeover.objects.filter(application__isnull=False).order_by()
    return Application.objects.filter(pk__in=asked.values("application"))


def waiting_for(person: Person) -> QuerySet[Takeover]:
    """Return what is open for this officer, what can be decided first in front."""
    rows = decided_by(person).filter(state=TakeoverState.OPEN)
    return rows.order_by(F("decide_from_at").asc(nulls_last=True), "asked_at", "pk")


def settled_for(person: Person) -> QuerySet[Takeover]:
    """Return what is settled, for this officer, the latest in front."""
    return decided_by(person).exclude(state=TakeoverState.OPEN).order_by("-settled_at", "-pk")


def to_decide(person: Person, *, at: datetime) -> QuerySet[Takeover]:
    """Return what this officer can decide now."""
    drafts = Q(application=None) | _is_of_its_draft()
    return decided_by(person).filter(drafts, state=TakeoverState.OPEN, decide_from_at__lte=at)


def number_to_decide(person: Person, *, at: datetime) -> int:
    """Return how many requests this officer can decide now; ties are looked for only where there is any, which is seldom."""
    any_due = Takeover.objects.filter(state=TakeoverState.OPEN, decide_from_at__lte=at)
    return to_decide(person, at=at).count() if any_due.exists() else 0


def with_dossier(takeovers: QuerySet[Takeover]) -> QuerySet[Takeover]:
    """Return requests with who asked, and the headline of the draft; nothing that is written in it (rule 14)."""
    return takeovers.select_related(
        "asked_by", "organisation", "region", "holder", "settled_by", "undone_by", "proof"
    ).select_related(
        "application__coalition", "application__call", "application__contact", "application__created_by"
    )


def files_of(takeover: Takeover) -> QuerySet[TakeoverProof]:
    """Return the proof of a request where it has a file."""
    return TakeoverProof.objects.filter(takeover=takeover).exclude(stored_as="")


def claim_of(takeover: Takeover) -> Representative | None:
    """Return how who asks says to speak for the organisation now; ``None`` once that was ended."""
    rows = Representative.objects.select_related(
        "stated_municipality", "contested_by", "organisation", "user"
    )
    return rows.filter(
        user=takeover.asked_by_id, organisation=takeover.organisation_id, ended_at=None
    ).first()


def last_said(takeover: Takeover) -> Representative | None:
    """Return how who asks said last that they speak for the organisation, also where they ended it since."""
    said = Representative.objects.filter(user=takeover.asked_by_id, organisation=takeover.organisation_id)
    return said.order_by("pk").last()


def asked_before(takeover: Takeover) -> QuerySet[Takeover]:
    """Return what any account of the mailbox asked of the organisation before and was settled, the latest in front."""
    same = Takeover.objects.filter(
        asked_by__in=accounts_of(takeover.asked_by).values("pk"), organisation=takeover.organisation_id
    )
    earlier = same.exclude(state=TakeoverState.OPEN).filter(pk__lt=takeover.pk)
    return earlier.select_related("settled_by").order_by("-pk")


def ended_before(takeover: Takeover) -> QuerySet[Representative]:
    """Return when it was ended before that any account of the mailbox spoke for the organisation: by whom and why."""
    accounts = accounts_of(takeover.asked_by)
    ended = Representative.objects.filter(
        user__in=accounts.values("pk"), organisation=takeover.organisation_id, ended_at__isnull=False
    )
    return ended.exclude(ended_by=F("user")).select_related("ended_by").order_by("-ended_at", "-pk")


def others_asking(takeover: Takeover) -> QuerySet[Takeover]:
    """Return who else asks, or was given, what the same organisation leads."""
    alive = Q(state=TakeoverState.OPEN) | Q(state=TakeoverState.GRANTED, undone_at=None)
    others = Takeover.objects.filter(alive, organisation=takeover.organisation_id).exclude(pk=takeover.pk)
    return others.select_related("asked_by").order_by("asked_at", "pk")


def partners_of(takeover: Takeover) -> QuerySet[Participation]:
    """Return the partners for which who asks stands in the coalition: who leads it answers for none of them (rule 8)."""
    if takeover.application is None:
        return Participation.objects.none()
    others = takeover.application.coalition.participations.filter(is_lead=False)
    # By the mailbox of now: who had it before stands for nobody here.
    accounts = accounts_of_mailbox(takeover.asked_by).values("pk")
    spoken_for = Representative.objects.filter(user__in=accounts, ended_at=None)
    boxes = mailboxes_of([takeover.asked_by])
    links = OneTimeLink.objects.filter(consent__isnull=False, participation__in=others.values("pk"))
    answered = [each.pk for each in links if mailbox(each.email) in boxes]
    # Who writes along for a partner has an account there; who agreed for it may have had a mailbox alone.
    writing = joined_as_member().filter(user__in=accounts).order_by()
    by_account = Q(user__in=accounts) | Q(reader__in=accounts)
    agreed = Consent.objects.filter(by_account | Q(link__in=answered)).order_by()
    return others.filter(
        Q(mailbox__in=boxes)
        | Q(organisation__in=spoken_for.order_by().values("organisation"))
        | Q(pk__in=writing.values("participation"))
        | Q(pk__in=agreed.values("participation"))
    ).order_by("pk")


def shares_domain(takeover: Takeover) -> bool:
    """Tell whether who asks has an address at the same domain as the contact person."""
    holder = takeover.holder
    return holder is not None and _domain(holder) == _domain(takeover.asked_by)


def _domain(person: User) -> str:
    return mailbox(person.email).rpartition("@")[2]


def leads_more_than(takeover: Takeover) -> bool:
    """Tell whether the organisation leads more than this draft: all of that opens with it."""
    return (
        Coalition.objects.filter(lead_organisation=takeover.organisation_id, applications__isnull=False)
        .exclude(applications=takeover.application_id)
        .exists()
    )


def settled_proofs() -> QuerySet[TakeoverProof]:
    """Return what was shown with requests that are settled, with since when (``kept_since``)."""
    settled = TakeoverProof.objects.filter(takeover__told_at__isnull=False)
    return settled.annotate(kept_since=F("takeover__told_at"))
