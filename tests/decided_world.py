"""Applications in the hands of reviewers, the committee and the office, in which invariants are broken."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from applications.models import Application, ReadingAccess
from calls.enums import Outcome
from calls.models import Call
from decisions.models import Decision
from hubportal.accounts.models import User
from hubportal.mail.enums import MailStatus
from letters.domain.producing import fix_moment_of_sending
from letters.models import Letter
from tests.breaking import force
from tests.factories.calls import CallFactory
from tests.factories.moments import moment
from tests.factories.posting import posted, printed
from tests.factories.scenarios import (
    Committee,
    advised,
    after_deadline,
    assigned,
    committee,
    produced,
    several_submitted,
)

SECOND_ROUND = moment("2024-06-03T10:00")
A_SECOND = timedelta(seconds=1)


@dataclass
class World:
    """A grant that was sent, a rejection that was made, two letters on paper, an advice and an application with reviewers."""

    call: Call
    other_call: Call
    granted: Any
    rejected: Any
    advised: Any
    assigned: Any
    # Recorded as posted, and made for a post that is not recorded yet.
    posted: Any
    printed: Any

    @property
    def committee(self) -> Committee:
        return committee()

    @property
    def decision(self) -> Decision:
        return Decision.objects.get(application=self.granted)

    @property
    def letter(self) -> Letter:
        return Letter.objects.get(decision__application=self.granted)

    @property
    def rejection(self) -> Letter:
        return Letter.objects.get(decision__application=self.rejected)

    @property
    def posted_letter(self) -> Letter:
        return Letter.objects.get(decision__application=self.posted)

    @property
    def unposted_letter(self) -> Letter:
        return Letter.objects.get(decision__application=self.printed)

    def access(self, application: Application, user: User) -> ReadingAccess:
        return ReadingAccess.objects.get(application=application, user=user)


def build() -> World:
    granted, rejected, third = several_submitted(3)
    on_paper = several_submitted(2, call=granted.call, on_paper=True)
    call = produced(granted).call
    for each in (rejected, third, *on_paper):
        each.refresh_from_db()
    world = World(
        call=call,
        other_call=CallFactory.create(),
        granted=granted,
        rejected=produced(rejected, outcome=Outcome.REJECTED),
        advised=advised(third),
        assigned=assigned(call=call, at=SECOND_ROUND),
        posted=posted(on_paper[0]),
        printed=printed(on_paper[1]),
    )
    send(world.letter)
    return world


def send(letter: Letter) -> None:
    """Let the mail of a letter go out, and its moment of sending be fixed."""
    assert letter.mail is not None
    at = letter.mail.queued_at
    force(letter.mail, status=MailStatus.SENT, claimed_at=at, sent_at=at, attempts=1)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)


def later(case: Any, **by: float) -> Any:
    """Return a moment after the deadline of an application's round."""
    return after_deadline(case, **by)
