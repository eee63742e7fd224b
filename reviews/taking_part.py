"""Who takes part in which call: nobody judges or handles those with whom they compete (rules 14 and 29)."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.enums import OPEN_STATUSES, UNDECIDED_STATUSES, ConsentAnswer, Status
from applications.models import Application
from calls.models import Call, ReviewRound
from hubportal.accounts.models import User
from hubportal.accounts.queries import accounts_of, every_mailbox_of
from hubportal.kernel.mailboxes import mailbox
from organisations.models import Organisation, Representative
from organisations.unbroken import lasted_until, was_vouched_for
from reviews.models import Affiliation, InterestDeclaration

# What somebody did themselves. Whom others name, or say to speak for, is not here: so nobody shuts anybody out of a call.
_GIVEN = Q(consents__answer=ConsentAnswer.GIVEN)
_BY_ACCOUNT = (
    ("writers__user__mailbox", Q()),
    ("steerers__user__mailbox", Q()),
    ("steerers__mailbox", Q()),
    # Not who began the coalition: with that others may go on in a later call.
    ("created_by__mailbox", Q()),
    ("collaborators__user__mailbox", Q()),
    ("consents__user__mailbox", _GIVEN),
    ("signatures__user__mailbox", Q()),
    ("contact__mailbox", Q()),
)
_BY_LINK = (("consents__link__email", _GIVEN), ("signatures__link__email", Q()))
# Who was vouched for at the lead, or at a partner for which such a person agreed: the organisation takes part. Whom the lead
# named as its contact agrees for that place alone (rule 27).
_PLACES = "coalition__participations"
_SPEAKERS = f"{_PLACES}__organisation__representatives"
_AGREED_FOR = f"{_PLACES}__consents__user__representations"
# As they were when they agreed: who stops afterwards frees no colleague.
_SPOKE_THEN = lasted_until(F(f"{_PLACES}__consents__answered_at"), f"{_AGREED_FOR}__")
# By account; or by a mailed link, in the mailbox of somebody who was vouched for.
_AS_SPEAKER = Q(
    _SPOKE_THEN,
    was_vouched_for(f"{_AGREED_FOR}__"),
    **{f"{_AGREED_FOR}__organisation": F(f"{_PLACES}__organisation")},
)
_OF_MAILBOX = Representative.objects.filter(
    lasted_until(OuterRef(f"{_PLACES}__consents__answered_at")),
    Q(user=OuterRef(f"{_PLACES}__consents__reader")) | Q(user__mailbox=OuterRef(f"{_PLACES}__mailbox")),
    was_vouched_for(),
    organisation=OuterRef(f"{_PLACES}__organisation"),
)
_TAKES_PART = Q(**{f"{_PLACES}__is_lead": True}) | Q(
    _AS_SPEAKER | Q(Exists(_OF_MAILBOX), **{f"{_PLACES}__consents__link__isnull": False}),
    **{
        f"{_PLACES}__consents__application": F("pk"),
        f"{_PLACES}__consents__answer": ConsentAnswer.GIVEN,
    },
)
# Also who stopped since it was submitted: with one click they would judge its rivals.
_SPOKE = lasted_until(F("submitted_at"), f"{_SPEAKERS}__")
_SPEAKS = Q(_TAKES_PART, _SPOKE, was_vouched_for(f"{_SPEAKERS}__"), submitted_at__isnull=False)


def takes_part(mailboxes: Collection[str], among: QuerySet[Application]) -> QuerySet[Application, Any]:
    """Return call, application, its lead and address of who takes part in one of these applications: these mailboxes, and every link.

    By having written, begun, helped, agreed, signed, or steered it by any act; and by speaking, also until after it was submitted, for the lead, or for a
    partner for which somebody who does agreed, of what was submitted. Of one-time links the mailbox is not kept, so the caller compares it.
    """
    found = among.order_by()
    ways = [
        (f"{_SPEAKERS}__user__mailbox", _SPEAKS & Q(**{f"{_SPEAKERS}__user__mailbox__in": mailboxes})),
        *((address, which & Q(**{f"{address}__in": mailboxes})) for address, which in _BY_ACCOUNT),
        *((address, which & Q(**{f"{address}__isnull": False})) for address, which in _BY_LINK),
    ]
    told = ("call_id", "pk", "coalition__lead_organisation")
    first, *others = (found.filter(which).values_list(*told, address) for address, which in ways)
    return first.union(*others)


def takes_part_now(person: User) -> bool:
    """Tell whether somebody takes part in a call that still goes on: then a colleague settles who speaks for whom.

    For all organisations: those of rivals alone would tell who drafts (rule 26). What was withdrawn counts, it can be put back.
    """
    own = every_mailbox_of(person)
    undecided = Application.objects.filter(status__in=UNDECIDED_STATUSES)
    unsealed = ReviewRound.objects.filter(sealed_at=None)
    going_on = Q(call__in=undecided.values("call")) | Q(call__in=unsealed.values("call"))
    theirs = Application.objects.filter(going_on, status__in=OPEN_STATUSES | {Status.WITHDRAWN})
    return any(mailbox(email) in own for *_which, email in takes_part(own, theirs))


def organisations_of_interest(person: User) -> QuerySet[Organisation, Any]:
    """Return the keys of organisations where somebody has a position, or that lead what they declared an interest in (rules 14 and 29)."""
    declared = InterestDeclaration.objects.filter(
        has_interest=True, replaced_at=None, user__in=accounts_of(person).values("pk")
    )
    led = declared.order_by().values("application__coalition__lead_organisation")
    held = organisations_with_a_position(person).order_by().values("pk")
    return Organisation.objects.filter(Q(pk__in=led) | Q(pk__in=held)).order_by().values("pk")


def organisations_with_a_position(person: User) -> QuerySet[Organisation]:
    """Return the organisations of which any account of a person's mailbox noted a position, found as ``reviews.ties`` finds them.

    By the row, also under what the map goes on with; by the number; and of those abroad by their name.
    """
    noted = Affiliation.objects.filter(user__in=accounts_of(person).values("pk"), ended_at=None).order_by()
    rows = noted.filter(organisation__isnull=False).values("organisation")
    now_as = noted.filter(organisation__now_as__isnull=False).values("organisation__now_as")
    # Of an organisation of the portal its row says it: the number may be another by now.
    unknown = noted.filter(organisation=None)
    numbers = unknown.exclude(kvk_number="").values("kvk_number")
    names = unknown.exclude(sort_name="").values("sort_name")
    by_row = Q(pk__in=rows) | Q(pk__in=now_as) | Q(now_as__in=rows) | Q(now_as__in=now_as)
    by_number = Q(kvk_number__in=numbers) | Q(now_as__kvk_number__in=numbers)
    return Organisation.objects.filter(by_row | by_number | Q(sort_name__in=names))


def joined_with_submitted(person: User) -> QuerySet[Call]:
    """Return the calls in which a person takes or took part with what was submitted: neither of drafts nor of what became of it is told (rule 26)."""
    own = every_mailbox_of(person)
    submitted = Application.objects.filter(submitted_at__isnull=False)
    calls = {call for call, _which, _lead, email in takes_part(own, submitted) if mailbox(email) in own}
    return Call.objects.filter(pk__in=calls).order_by("title", "pk")
