"""Reads of messages: each side has its own, and of the other what was delivered (rules 22 and 38)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from applications.enums import Status
from applications.models import Application
from applications.queries import readable_as, represented_by
from correspondence.enums import Side
from correspondence.models import AnswerAddress, Conversation, Message
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS, Person
from hubportal.accounts.queries import active_in_role
from hubportal.kernel.one_time import secret_digest
from reviews.advice_queries import is_reviewed_by
from reviews.queries import undeclared_by

# How long a message can be taken back, and within which all of one side go out with one mail.
DELIVERED_AFTER = timedelta(minutes=5)


def discussed_by(person: Person) -> QuerySet[Application]:
    """Return what was submitted by an organisation that the person speaks for (rule 27): they write for its applicants."""
    return Application.objects.filter(
        pk__in=represented_by(person).filter(submitted_at__isnull=False).order_by().values("pk")
    )


def answered_by(person: Person) -> QuerySet[Application]:
    """Return the applications about which this officer writes for the office.

    They are open to them, and neither of an organisation of theirs nor reviewed by them (rule 14).
    """
    return _free(readable_as(OFFICERS)(person), person)


def _free(applications: QuerySet[Application], person: Person) -> QuerySet[Application]:
    own = represented_by(person).order_by().values("pk")
    return applications.filter(~is_reviewed_by(person)).exclude(pk__in=own)


def waiting_for(person: Person) -> QuerySet[Conversation]:
    """Return the conversations that wait for an answer by this officer, the longest waiting in front."""
    waiting = Conversation.objects.filter(waits_since__isnull=False)
    if not OFFICERS.includes(person):
        return waiting.none()
    opened = answered_by(person).order_by().values("pk")
    return waiting.filter(application__in=opened).order_by("waits_since", "pk")


def settled_for(person: Person) -> QuerySet[Conversation]:
    """Return the conversations in which nothing waits for this officer, the latest in front."""
    if not OFFICERS.includes(person):
        return Conversation.objects.none()
    opened = answered_by(person).order_by().values("pk")
    settled = shown_to(Side.OFFICE, Conversation.objects.filter(application__in=opened, waits_since=None))
    return settled.order_by("-begun_at", "-pk")


def waiting_undeclared(person: Person) -> QuerySet[Conversation]:
    """Return the conversations that wait and are hidden until this officer has declared interests."""
    waiting = Conversation.objects.filter(waits_since__isnull=False)
    if not OFFICERS.includes(person):
        return waiting.none()
    return waiting.filter(application__in=_free(undeclared_by(person), person).order_by().values("pk"))


def waiting_in_numbers(person: Person) -> dict[str, int]:
    """Return how many conversations wait for an officer, and how many are hidden until they declared, in one query."""
    to_answer, hidden = (
        each.order_by().values("pk") for each in (waiting_for(person), waiting_undeclared(person))
    )
    return Conversation.objects.filter(waits_since__isnull=False).aggregate(
        to_answer=Count("pk", filter=Q(pk__in=to_answer)), undeclared=Count("pk", filter=Q(pk__in=hidden))
    )


def has_unread(person: Person, *, application: str = "pk") -> Exists:
    """Return, for rows that lead to an application, whether the office wrote what nobody of its applicants opened; only to these."""
    own = discussed_by(person).order_by().values("pk")
    unread = Conversation.objects.filter(unread_since__isnull=False, application__in=own)
    return Exists(unread.filter(application=OuterRef(application)))


def shown_to(side: Side, conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Return of conversations those that a side may know of: begun by itself, or with something delivered to it."""
    delivered = Message.objects.filter(conversation=OuterRef("pk"), delivered_at__isnull=False)
    return conversations.filter(Q(begun_by=side) | Exists(delivered))


def conversations_of(application: Application, side: Side) -> QuerySet[Conversation]:
    """Return the conversations about an application as a side lists them, the latest in front."""
    return with_last(shown_to(side, application.conversations.all()), side).order_by("-number", "-pk")


def with_last(conversations: QuerySet[Conversation], side: Side) -> QuerySet[Conversation]:
    """Return conversations with when, for which side and by whom the last message was written that a side may read.

    With the key of the first too: a page that kept a copy of it knows that it was sent.
    """
    first = Message.objects.filter(conversation=OuterRef("pk"), side=side, number=1)
    last = visible_to_side(side, Message.objects.filter(conversation=OuterRef("pk"))).order_by("-number")
    return conversations.annotate(
        begun_with=Subquery(first.values("added_with")),
        last_at=Subquery(last.values("written_at")[:1]),
        last_side=Subquery(last.values("side")[:1]),
        last_by=Subquery(last.values("written_by__full_name")[:1]),
    )


def listed_conversations(side: Side) -> QuerySet[Conversation]:
    """Return conversations with what a list of the office shows of them."""
    return with_last(Conversation.objects.select_related("application__coalition"), side)


def visible_to_side(side: Side, messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return of messages those that a side may read: its own, and what was delivered."""
    return messages.filter(Q(side=side) | Q(delivered_at__isnull=False))


def messages_in(conversation: Conversation, side: Side) -> QuerySet[Message]:
    """Return the messages of a conversation that a side may read, in order, with who wrote them and their file."""
    shown = visible_to_side(side, conversation.messages.all()).select_related("written_by", "file", "mailed")
    return shown.order_by("number", "pk")


def seen_in(conversation: Conversation, side: Side) -> str:
    """Return what tells whether a conversation still says what a side was shown: how many messages, and which is the last."""
    found = visible_to_side(side, conversation.messages.all()).aggregate(
        messages=Count("pk"), last=Max("number")
    )
    return f"{found['messages']}:{found['last'] or 0}"


def written_since(conversation: Conversation, number: int, *, side: Side) -> QuerySet[Message]:
    """Return what a side wrote in a conversation after its message with this number, and did not take back."""
    return conversation.messages.filter(number__gt=number, side=side, taken_back_at=None)


def last_delivered(conversation: Conversation) -> int:
    """Return the number of the last message that was delivered in a conversation."""
    delivered = conversation.messages.filter(delivered_at__isnull=False)
    return delivered.aggregate(last=Max("number"))["last"] or 0


def address_with(secret: str) -> AnswerAddress | None:
    """Return the address with this secret, whoever it is of, and whether they may still answer or not."""
    found = AnswerAddress.objects.filter(digest=secret_digest(secret))
    return found.select_related("person", "conversation__application").first()


def next_number(application: Application) -> int:
    """Return the number of a conversation that is begun now: after the last, also where earlier ones were destroyed."""
    last = application.conversations.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def message_sent_with(person: User, key: UUID) -> Message | None:
    """Return the message that a person sent from the page with this key, if any."""
    sent = Message.objects.select_related("conversation__application")
    return sent.filter(written_by=person, added_with=key).first()


def messages_by(person: Person) -> QuerySet[Message]:
    """Return all that somebody wrote about any application, also what was taken back since."""
    return Message.objects.filter(written_by=person.pk)


def undelivered(**which: Any) -> QuerySet[Message]:
    """Return the messages that can still be taken back, the earliest in front."""
    waiting = Message.objects.filter(delivered_at=None, taken_back_at=None, **which)
    return waiting.order_by("written_at", "pk")


def messages_to_deliver(*, at: datetime) -> QuerySet[Message]:
    """Return the messages that were long enough there to take them back."""
    return undelivered(written_at__lte=at - DELIVERED_AFTER)


def officers() -> QuerySet[User]:
    """Return the officers who can log in."""
    return active_in_role(Role.OFFICER).order_by("pk")


def conversations_past_decision() -> QuerySet[Conversation]:
    """Return the conversations about what was decided or withdrawn, with since when they are kept (``kept_since``).

    From the decision or the withdrawal, or the last message after it.
    """
    over = [Status.GRANTED, Status.REJECTED, Status.WITHDRAWN]
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-written_at", "-pk")
    ended = Coalesce("application__withdrawn_at", "application__decision__recorded_at")
    return Conversation.objects.filter(application__status__in=over).annotate(
        kept_since=Greatest(ended, Subquery(last.values("written_at")[:1]))
    )


def misjudged_waiting() -> QuerySet[Any]:
    """Return the conversations that do not wait as their messages say."""
    return with_waiting(Conversation.objects.all()).exclude(
        Q(waits_since=None, should_wait_since=None) | Q(waits_since=F("should_wait_since"))
    )


def with_waiting(conversations: QuerySet[Conversation]) -> QuerySet[Any]:
    """Return conversations with since when they should wait (``should_wait_since``): delivered, neither answered nor closed since."""
    delivered = Message.objects.filter(
        conversation=OuterRef("pk"), side=Side.APPLICANTS, delivered_at__isnull=False
    )
    answered = Message.objects.filter(
        conversation=OuterRef("conversation"),
        side=Side.OFFICE,
        taken_back_at=None,
        written_at__gte=OuterRef("delivered_at"),
    )
    open_ones = delivered.filter(
        ~Exists(answered),
        Q(conversation__closed_at=None) | Q(conversation__closed_at__lt=F("delivered_at")),
    )
    first = open_ones.order_by("delivered_at", "pk").values("delivered_at")[:1]
    return conversations.annotate(should_wait_since=Subquery(first))
