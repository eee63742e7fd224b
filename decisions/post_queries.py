"""Reads of the letters of decisions on their way: what may be made, what waits for the post, and what is made for it."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from applications.enums import UNDECIDED_STATUSES
from applications.models import Application
from applications.queries import readable_by
from decisions.enums import LetterOfDecision
from decisions.models import Decision
from hubportal.accounts.models import KnownAddress
from hubportal.accounts.permissions import OFFICERS, Person
from letters.models import Letter, PostRun, PrintedLetter
from letters.queries import letters_to_produce, post_run_of, waiting_for_post
from reviews.models import InterestDeclaration
from reviews.queries import reviews_out, undeclared_by


def letters_to_post(user: Person) -> QuerySet[Letter]:
    """Return the letters on paper that wait and that this officer can post, the longest waiting first."""
    return _unposted(readable_by(user), user)


def undeclared_letters_to_post(user: Person) -> QuerySet[Letter]:
    """Return the letters to post that are hidden until this officer has declared interests."""
    return _unposted(undeclared_by(user), user)


def _unposted(applications: QuerySet[Application], user: Person) -> QuerySet[Letter]:
    waiting = waiting_for_post().filter(
        about__in=applications.order_by().values("reference"), text__kind__key__in=list(LetterOfDecision)
    )
    return waiting if OFFICERS.includes(user) else waiting.none()


def rests_on_an_interest() -> Q:
    """Return the condition that a letter tells for the first time what somebody with an interest recorded, adopted or judged (rule 29).

    The same as ``releasing.check_untied`` refuses, and of a correction ``check_recorder_untied``, for letters that were released
    and are not made or posted yet.
    """
    interests = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None, measure="")
    closing = interests.filter(application=OuterRef("application"))
    acted = ("recorded_by", "advice__fixed_by")
    by = Q(*(("user", OuterRef(each)) for each in acted), _connector=Q.OR)
    of_them = (KnownAddress.objects.filter(user=OuterRef(OuterRef(each))).values("mailbox") for each in acted)
    by_mailbox = Q(*(("user__known_addresses__mailbox__in", each) for each in of_them), _connector=Q.OR)
    out = reviews_out().filter(application=OuterRef("application"))
    held = Decision.objects.filter(
        Exists(closing.filter(by | by_mailbox)) | Exists(out),
        application__status__in=UNDECIDED_STATUSES,
    )
    own = Q(user=OuterRef("recorded_by"))
    recorder = KnownAddress.objects.filter(user=OuterRef(OuterRef("recorded_by"))).values("mailbox")
    same = Q(user__known_addresses__mailbox__in=recorder)
    of_correction = interests.filter(own | same, application__reference=OuterRef("about"))
    return Q(Exists(held.filter(letter=OuterRef("pk")))) | Q(Exists(of_correction), supersedes__isnull=False)


def letters_to_make() -> QuerySet[Letter]:
    """Return the released letters of decisions by e-mail that are not made yet, oldest first, but those that are held (rule 29)."""
    return letters_to_produce(LetterOfDecision).filter(~rests_on_an_interest())


def waiting_for_post_of(user: Person) -> dict[str, Any]:
    """Return the ``number`` of letters that this officer can post, and when the ``oldest`` was released."""
    found = letters_to_post(user).order_by()
    return found.aggregate(number=Count("pk"), oldest=Min("released_at"))


def letters_shown_in_post(user: Person, *, on: date) -> QuerySet[Letter]:
    """Return letters with what the list of the post shows of a day.

    Whether one ``is_asked`` for it, as it was ``made`` for it, the colleague ``in_post_of`` whom it is, and whether it ``is_held``.
    """
    asked = PostRun.objects.filter(letters=OuterRef("pk"), dated_on=on)
    name = Coalesce(NullIf("asked_by__full_name", Value("")), "asked_by__email", output_field=CharField())
    colleague = asked.exclude(asked_by=user.pk).order_by("pk").values(name=name)[:1]
    made = Prefetch("prints", PrintedLetter.objects.filter(dated_on=on), to_attr="made")
    shown = Letter.objects.annotate(
        is_asked=Exists(asked),
        in_post_of=Subquery(colleague),
        is_held=ExpressionWrapper(rests_on_an_interest(), output_field=BooleanField()),
    )
    return shown.prefetch_related(made)


def prints_open_to(user: Person) -> QuerySet[PrintedLetter]:
    """Return the letters as they were made for the post, posted or not, that are open to this officer."""
    opened = readable_by(user).order_by().values("reference")
    found = PrintedLetter.objects.filter(
        letter__about__in=opened, letter__text__kind__key__in=list(LetterOfDecision)
    )
    return found if OFFICERS.includes(user) else found.none()


def bundle_open_to(user: Person, *, on: date) -> QuerySet[PostRun]:
    """Return the file with the post of an officer on a day, while each letter in it is open to them (rule 14)."""
    opened = readable_by(user).order_by().values("reference")
    closed = Letter.objects.filter(post_runs=OuterRef("pk")).exclude(about__in=opened)
    return post_run_of(user, on=on).filter(~Exists(closed), made_at__isnull=False)
