"""Reads of what residents wrote, and of how visitors reach a kwartiermaker."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import salted_hmac

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import active_in_role
from hubportal.audit.models import AuditEvent
from hubportal.mail.models import OutgoingMail
from mapping.models import KwartiermakerAssignment, ParticipationQuestion
from mapping.queries import regions_of
from mapping.question_queries import public_questions_in
from regions.models import Region
from residents.events import CONFIRMED
from residents.models import PublicContact, ResidentMessage

# How long somebody has to confirm that it was them who wrote.
DAYS_TO_CONFIRM = 7
# The mails of this app to residents: who wrote to whom is for nobody of the office.
MAIL_KINDS = frozenset({"resident_confirm", "resident_received"})


def open_questions(region: Region, *, today: date) -> dict[str, ParticipationQuestion]:
    """Return the questions of a region in which visitors can have a say, by the key in their address.

    The key tells nothing of how many other questions there are (rule 26).
    """
    return {question_key(each): each for each in public_questions_in(region, today=today)}


def question_key(question: ParticipationQuestion) -> str:
    """Return by what the address of a public question knows it."""
    return salted_hmac("residents.question", str(question.pk)).hexdigest()[:16]


def question_called(region: Region, title: str) -> ParticipationQuestion | None:
    """Return the question of a region with a title, if there is one."""
    return ParticipationQuestion.objects.filter(region=region, title=title).order_by("pk").first()


def messages_of(user: Person) -> QuerySet[ResidentMessage]:
    """Return what residents wrote and confirmed in the regions of a kwartiermaker; nothing for anybody else."""
    confirmed = ResidentMessage.objects.filter(confirmed_at__isnull=False)
    return confirmed.filter(region__in=regions_of(user).values("pk")).select_related("municipality", "region")


def messages_in(region: Region, user: Person) -> QuerySet[ResidentMessage]:
    """Return those of one region: what waits first, then the latest."""
    mine = messages_of(user).filter(region=region)
    return mine.order_by(F("settled_at").desc(nulls_first=True), "-confirmed_at", "-pk")


def longest_waiting(user: Person) -> QuerySet[ResidentMessage]:
    """Return what nobody of the regions of a kwartiermaker dealt with yet, what waits longest first."""
    return messages_of(user).filter(settled_at=None).order_by("confirmed_at", "pk")


def confirmed_since(region: Region, since: datetime) -> int:
    """Return how many messages to a region were confirmed after a moment, those that were withdrawn since too.

    By events, so that writing, confirming and withdrawing again and again counts.
    """
    confirmed = AuditEvent.objects.filter(actor_id=None, act=CONFIRMED.name, happened_at__gt=since)
    return confirmed.filter(facts__region=region.pk).count()


def message_to_confirm(digest: str) -> ResidentMessage | None:
    """Return the message whose first link has a secret with a digest, confirmed or not."""
    return _whole().filter(confirm_digest=digest).first()


def message_kept(digest: str) -> ResidentMessage | None:
    """Return the message whose receipt has a secret with a digest."""
    return _whole().filter(kept_digest=digest).first()


def _whole() -> QuerySet[ResidentMessage]:
    return ResidentMessage.objects.select_related("region", "municipality")


def messages_to_erase(*, at: datetime) -> QuerySet[ResidentMessage]:
    """Return what nobody confirmed in time, and what is past its period, the longest ago first."""
    return ResidentMessage.objects.filter(kept_until__lte=at).order_by("kept_until", "pk")


def mails_without_message() -> QuerySet[OutgoingMail]:
    """Return the mails to residents whose message is gone."""
    kept = ResidentMessage.objects.annotate(mails=Concat(Value("resident-"), Cast("pk", CharField())))
    return OutgoingMail.objects.filter(kind__in=MAIL_KINDS).exclude(about__in=kept.values("mails"))


def contacts_shown(region: Region, working: Iterable[User]) -> QuerySet[PublicContact]:
    """Return how visitors reach those of the people who map a region now (``working``) who chose that, by name."""
    keys = [each.pk for each in working]
    return PublicContact.objects.filter(region=region, user__in=keys).order_by("name", "pk")


def contacts_to_forget() -> QuerySet[PublicContact]:
    """Return the contacts of people who no longer map the region, the longest ago first."""
    assigned = KwartiermakerAssignment.objects.filter(
        user__in=active_in_role(Role.KWARTIERMAKER).values("pk"),
        region=OuterRef("region"),
    )
    return PublicContact.objects.filter(~Exists(assigned.filter(user=OuterRef("user")))).order_by(
        "shown_at", "pk"
    )


def contact_of(user: User, region: Region) -> PublicContact | None:
    """Return what a kwartiermaker shows of themselves in a region, if anything."""
    return PublicContact.objects.filter(region=region, user=user.pk).first()
