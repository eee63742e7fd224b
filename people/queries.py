"""Reads of people: who is kept in the regions of a kwartiermaker, and what is due."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from mapping.queries import on_map_or_in_bin, regions_of
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations
from people.enums import LinkUse
from people.models import ErasureReceipt, MappedPerson, PersonEngagement, PersonLink, PersonTalk
from regions.models import Region

# How long before its end somebody is reminded.
REMIND_BEFORE = timedelta(days=30)
# The mails of this app: they tell who is kept where, which nobody of the office may know.
MAIL_KINDS = frozenset(
    {"person_asked", "person_agreed", "person_ends", "person_prolonged", "person_moved", "person_erased"}
)
RECEIPT_KIND = "person_erased"


def people_of(user: Person) -> QuerySet[MappedPerson]:
    """Return the people whom a kwartiermaker may know of: those of the assigned regions; nobody for anybody else."""
    return MappedPerson.objects.filter(region__in=regions_of(user).values("pk"))


def people_in(region: Region, *, typed: str = "") -> QuerySet[MappedPerson]:
    """Return the people of a region by name, each with when the next talk is due (``next_on``).

    ``is_named`` tells whether their kwartiermaker may read which organisation they speak for.
    """
    is_named = Q(organisation__in=organisations_named_in(region).order_by().values("pk"))
    people = MappedPerson.objects.filter(region=region).select_related("organisation")
    people = people.annotate(is_named=is_named)
    if typed:
        people = people.filter(
            Q(name__icontains=typed)
            | Q(knowledge__icontains=typed)
            | Q(subjects__icontains=typed)
            | Q(group__icontains=typed)
            | Q(is_named=True, organisation__name__icontains=typed)
        )
    next_on = Min("talks__follow_up_on", filter=Q(talks__followed_up_at=None))
    return people.annotate(next_on=next_on).order_by("name", "pk")


def organisations_named_in(region: Region) -> QuerySet[Organisation]:
    """Return the organisations of which the kwartiermaker of a region may read the name: of its map or bin, and what is public."""
    here, public = on_map_or_in_bin(region).order_by(), public_organisations().order_by()
    return Organisation.objects.filter(Q(pk__in=here.values("pk")) | Q(pk__in=public.values("pk")))


def organisations_to_speak_for(region: Region, kept: Organisation | None) -> QuerySet[Organisation]:
    """Return the organisations that somebody of a region can speak for: those of its map, and the one that is kept of them."""
    here = organisations_in(region).order_by().values("pk")
    return Organisation.objects.filter(Q(pk__in=here) | Q(pk=kept.pk if kept else None))


def talks_with(person: MappedPerson) -> QuerySet[PersonTalk]:
    """Return the talks with somebody, the latest first."""
    return person.talks.select_related("changed_by").order_by("-held_on", "-pk")


def people_who_agreed(region: Region, typed: str) -> QuerySet[MappedPerson]:
    """Return the people of a region who agreed to be kept, by name, or those with what was typed in it."""
    agreed = MappedPerson.objects.filter(region=region, consented_at__isnull=False)
    return (agreed.filter(name__icontains=typed) if typed else agreed).order_by("name", "pk")


def engagements_in(region: Region) -> QuerySet[PersonEngagement]:
    """Return who takes part in which question of a region."""
    found = PersonEngagement.objects.filter(person__region=region, question__region=region)
    return found.order_by("question", "person", "pk")


def engagements_of(person: MappedPerson) -> QuerySet[PersonEngagement]:
    """Return in which questions somebody takes part, with the questions, by title."""
    found = PersonEngagement.objects.filter(person=person).select_related("question")
    return found.order_by("question__title", "question", "pk")


def person_added_with(key: UUID, region: Region) -> MappedPerson | None:
    """Return who was added to a region with a key of a page, if anybody."""
    return MappedPerson.objects.filter(region=region, added_with=key).first()


def is_written_down(region: Region, *, name: str, email: str, phone: str) -> bool:
    """Tell whether somebody of this name is kept in a region already, reached in the same way."""
    same = MappedPerson.objects.filter(region=region, name__iexact=name)
    reached = same.order_by().values_list("email", "phone")
    # Two spellings of one mailbox are one way to reach somebody (rule 28).
    return any(
        (email and its_email and mailbox(its_email) == mailbox(email)) or (phone and its_phone == phone)
        for its_email, its_phone in reached
    )


def person_now(person: MappedPerson) -> MappedPerson | None:
    """Return somebody as they are kept now; ``None`` once they are erased."""
    return (
        MappedPerson.objects.select_related("organisation", "changed_by", "region")
        .filter(pk=person.pk)
        .first()
    )


def talk_now(talk: PersonTalk) -> PersonTalk | None:
    """Return a talk as it is kept now; ``None`` once it is gone."""
    return PersonTalk.objects.select_related("changed_by").filter(pk=talk.pk).first()


def follow_ups_of(user: Person, *, today: date) -> QuerySet[PersonTalk]:
    """Return the talks that a kwartiermaker has to come back to by now, what waits longest in front."""
    due = PersonTalk.objects.filter(
        person__in=people_of(user).values("pk"), followed_up_at=None, follow_up_on__lte=today
    )
    return due.select_related("person__region").order_by("follow_up_on", "pk")


def people_to_ask_by_hand(user: Person, *, at: datetime) -> QuerySet[MappedPerson]:
    """Return whom a kwartiermaker has to ask within thirty days, since no e-mail can: whether they may be kept, or longer."""
    ending = people_of(user).filter(email="", kept_until__gt=at, kept_until__lte=at + REMIND_BEFORE)
    return ending.select_related("region").order_by("kept_until", "pk")


def talks_to_come_back_to(user: Person, region: Region) -> QuerySet[PersonTalk]:
    """Return all talks of a region that a kwartiermaker planned to come back to, what is due first in front."""
    planned = PersonTalk.objects.filter(
        person__in=people_of(user).filter(region=region).values("pk"),
        followed_up_at=None,
        follow_up_on__isnull=False,
    )
    return planned.select_related("person").order_by("follow_up_on", "pk")


def people_ending_in(user: Person, region: Region, *, at: datetime) -> QuerySet[MappedPerson]:
    """Return the people of a region who are erased within sixty days, unless they agree or prolong."""
    ending = people_of(user).filter(region=region, kept_until__gt=at, kept_until__lte=at + 2 * REMIND_BEFORE)
    return ending.order_by("kept_until", "pk")


def link_with(digest: str, use: LinkUse) -> PersonLink | None:
    """Return the link whose secret has a digest, whether it still works or not."""
    links = PersonLink.objects.filter(secret_digest=digest, use=use)
    return links.select_related("person__region", "person__organisation").first()


def receipt_with(code: str) -> ErasureReceipt | None:
    """Return the receipt with a code."""
    return ErasureReceipt.objects.filter(code=code).select_related("region").first()


def people_to_erase(*, at: datetime) -> QuerySet[MappedPerson]:
    """Return whose time is over: the consent ended, or they did not answer."""
    return MappedPerson.objects.filter(kept_until__lte=at).order_by("kept_until", "pk")


def people_to_remind(*, at: datetime) -> QuerySet[MappedPerson]:
    """Return whose consent ends within thirty days and who were not told so yet."""
    ending = MappedPerson.objects.filter(
        consented_at__isnull=False, kept_until__gt=at, kept_until__lte=at + REMIND_BEFORE, reminded_at=None
    )
    return ending.exclude(email="").order_by("kept_until", "pk")


def ends_soon(person: MappedPerson, *, at: datetime) -> bool:
    """Tell whether a consent ends within thirty days, so that it can be prolonged."""
    return person.consented_at is not None and at < person.kept_until <= at + REMIND_BEFORE


def mails_to_forget(*, at: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails that brought a receipt of an erasure an hour ago or tried to: the last that held an address."""
    over = [MailStatus.SENT, MailStatus.BOUNCED, MailStatus.SETTLED, MailStatus.FAILED, MailStatus.UNCERTAIN]
    receipts = OutgoingMail.objects.filter(kind=RECEIPT_KIND, status__in=over)
    return receipts.filter(claimed_at__lte=at - timedelta(hours=1)).order_by("claimed_at", "pk")


def mails_without_person() -> QuerySet[OutgoingMail]:
    """Return the mails about somebody who is not kept any more."""
    mails = OutgoingMail.objects.filter(kind__in=MAIL_KINDS - {RECEIPT_KIND})
    kept = MappedPerson.objects.annotate(mails=Concat(Value("person-"), Cast("pk", CharField())))
    return mails.exclude(about__in=kept.values("mails"))


def was_mailed(person: MappedPerson) -> bool:
    """Tell whether a link was ever mailed to somebody."""
    return person.links.exists()


def mail_that_failed(person: MappedPerson) -> OutgoingMail | None:
    """Return the last mail to the address of somebody, if it came back or could not be sent."""
    mails = OutgoingMail.objects.filter(about=person.mails_about, recipient=person.email)
    last = mails.order_by("-pk").first()
    failed = {MailStatus.BOUNCED, MailStatus.FAILED, MailStatus.UNCERTAIN}
    return last if last is not None and last.status in failed else None


def live_link_of(person: MappedPerson, use: LinkUse) -> PersonLink | None:
    """Return the link by which somebody can still answer, if there is one."""
    return person.links.filter(use=use, used_at=None, withdrawn_at=None).order_by("-pk").first()
