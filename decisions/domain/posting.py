"""Posting the letters of decisions that go on paper (rules 19, 26 and 34)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import MoveReason
from applications.models import Application
from decisions.domain.releasing import tell_application
from decisions.domain.returned_letters import addresses_that_work
from decisions.enums import LetterOfDecision
from decisions.models import Decision
from decisions.permissions import may_post, may_post_letter
from decisions.post_queries import letters_to_post, rests_on_an_interest
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from letters.domain.posting import leave_post, plan_post, post_letter
from letters.models import Letter, PostRun, PrintedLetter
from letters.queries import goes_by_post_after_all


@transaction.atomic(durable=True)
def ask_for_post(*, actor: User, at: datetime) -> PostRun:
    """Have every letter on paper that waits and is open to the actor made with the date of today, but those that are held. Idempotent.

    What a colleague asked for today stays with them. Raises ``NotAllowed`` unless the actor is an officer, ``NotOfToday`` in
    the evening, ``InPostOfColleague``, and ``RuleViolation`` when no letter waits, or an interest holds them all.
    """
    may_post.check(actor)
    waiting = list(letters_to_post(actor))
    if not waiting:
        raise RuleViolation(_("No letters are waiting to be posted."))
    held = set(letters_to_post(actor).filter(rests_on_an_interest()))
    free = [each for each in waiting if each not in held]
    if not free:
        raise _held(held)
    return plan_post(letters=free, actor=actor, at=at)


@transaction.atomic(durable=True)
def record_posted(*, print_ids: Collection[int], actor: User, at: datetime) -> list[Letter]:
    """Record that letters were posted as they were made today, all or none, and return those not recorded before. Idempotent.

    From then on they are sent: the terms run, the applications have their status, copies go to the partners. Raises
    ``NotAllowed`` unless the actor is an officer to whom the applications are open, ``NotOfToday`` for a letter that is
    dated on another day, and ``RuleViolation`` for one that an interest holds since its release (rule 29).
    """
    may_post.check(actor)
    chosen = PrintedLetter.objects.filter(
        pk__in=print_ids, letter__text__kind__key__in=list(LetterOfDecision)
    )
    prints = list(chosen.select_related("letter").order_by("letter", "pk"))
    # The applications first, in one order, as every act on both.
    about = {each.letter.about for each in prints}
    locked = Application.objects.select_for_update(of=("self",)).filter(reference__in=about).order_by("pk")
    for application in locked:
        may_post_letter.check(actor, application)
    letters = Letter.objects.filter(pk__in=[each.letter_id for each in prints], sent_at=None)
    held = set(letters.filter(rests_on_an_interest()))
    if held:
        raise _held(held)
    posted = []
    for printed in prints:
        notice_to = _notice_to(printed.letter, actor)
        letter = post_letter(printed=printed, notice_to=notice_to, actor=actor, at=at)
        if letter is not None:
            tell_application(letter, at=at, why=MoveReason.LETTER_POSTED)
            posted.append(letter)
    leave_post(posted)
    return posted


def _held(letters: Collection[Letter]) -> RuleViolation:
    references = ", ".join(sorted(each.about for each in letters))
    return RuleViolation(
        _(
            "Not yet: %(references)s. Somebody who judged or decided it turned out to have an interest after the letter was "
            "released. It can be posted once the chair has recorded a measure."
        )
        % {"references": references}
    )


def _notice_to(letter: Letter, officer: User) -> list[str] | None:
    """Return whom to tell that a letter was posted whose mail did not arrive: the addressee's own mailbox may not work."""
    if not goes_by_post_after_all(letter):
        return None
    decisions = Decision.objects.select_related("application__coalition", "application__frozen")
    return addresses_that_work(decisions.get(application__reference=letter.about), letter, officer)
