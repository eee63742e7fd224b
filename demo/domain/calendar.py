"""Playing a whole call through its own calendar, round after round."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from applications.models import Application
from calls.enums import Outcome
from calls.models import Call, ReviewRound
from demo.cases import DemoCase
from demo.cast import DemoPerson
from demo.domain import applying, assessing
from demo.domain.people import seat
from hubportal.kernel.clock import local_moment


class Jobs(Protocol):
    """The runner of background work, and the clock that it runs by."""

    def move_clock(self, moment: datetime) -> None:
        """Set the clock to this moment."""

    def finish(self, call: Call) -> None:
        """Wait until every due job is done."""


@dataclass
class RoundReport:
    """The results of a round, and how long they took."""

    number: int
    submitted: int = 0
    granted: int = 0
    rejected: int = 0
    letters: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"round {self.number}: {self.submitted} submitted, {self.granted} granted, "
            f"{self.rejected} rejected, {self.letters} letters, {self.seconds:.1f} s"
        )


@dataclass
class Play:
    """A call being played: its cases per round, the people, and who does the jobs."""

    call: Call
    cases: dict[int, list[DemoCase]]
    people: assessing.People
    jobs: Jobs
    applications: dict[int, Application] = field(default_factory=dict)
    reports: dict[int, RoundReport] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """Something that happens at a moment in a round."""

    at: datetime
    round: ReviewRound
    act: Callable[["Play", ReviewRound, datetime], None]
    is_last: bool = False


def play(the_play: Play) -> Iterator[RoundReport]:
    """Play every scene of every round in the order of the calendar; yield a round's report when it is over.

    Rounds overlap: while the letters of one are awaited, the next one takes applications.
    """
    for scene in sorted(_scenes(the_play.call), key=lambda each: each.at):
        started = time.perf_counter()
        report = the_play.reports.setdefault(scene.round.pk, RoundReport(scene.round.number))
        the_play.jobs.move_clock(scene.at)
        scene.act(the_play, scene.round, scene.at)
        the_play.jobs.finish(the_play.call)
        report.seconds += time.perf_counter() - started
        if scene.is_last:
            _count(the_play, scene.round, report)
            yield report


def _scenes(call: Call) -> Iterator[Scene]:
    for each in call.rounds.all():
        deadline = each.deadline_at
        yield Scene(deadline - timedelta(hours=3), each, apply_all)
        yield Scene(deadline + timedelta(minutes=5), each, wait_for_seal)
        yield Scene(deadline + timedelta(days=14), each, review_all)
        yield Scene(deadline + timedelta(days=21), each, advise_all)
        yield Scene(deadline + timedelta(days=35), each, decide_all)
        yield Scene(local_moment(each.award_expected_on, 10), each, release_all)
        yield Scene(local_moment(each.award_expected_on, 11), each, ask_for_post)
        yield Scene(local_moment(each.award_expected_on, 16), each, post_all, is_last=True)


def apply_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let each coalition form, write, collect consent, submit and sign, a minute after one another."""
    for index, case in enumerate(the_play.cases.get(review_round.number, [])):
        moment = at + timedelta(minutes=index)
        applicant = seat(DemoPerson(f"aanvrager-{case.number}", case.person("Aad Aanvrager")), at=moment)
        coalition = applying.form_coalition(case, applicant, at=moment)
        application = applying.write_application(
            case,
            coalition,
            the_play.call,
            applicant,
            starts_on=review_round.award_expected_on + timedelta(days=7),
            at=moment,
        )
        applying.collect_consents(application, applicant, at=moment)
        the_play.applications[case.number] = applying.hand_in(application, applicant, at=moment)


def wait_for_seal(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Do nothing: the jobs seal the round and assign its reviewers."""


def review_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let every reviewer judge what was assigned."""
    for case, application in _members(the_play, review_round):
        assessing.review(application, case, at=at)


def advise_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let the chair fix the advice on each application."""
    for case, application in _members(the_play, review_round):
        assessing.advise(application, case, the_play.people, at=at)


def decide_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let the officer decide on each application."""
    for case, application in _members(the_play, review_round):
        assessing.decide(application, case, the_play.people, at=at)


def release_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let the releaser release each letter; the jobs make and send those by e-mail."""
    for _case, application in _members(the_play, review_round):
        assessing.release(application, the_play.people, at=at)


def ask_for_post(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let the officer ask for the letters on paper; the jobs make them."""
    assessing.ask_for_post(the_play.people, at=at)


def post_all(the_play: Play, review_round: ReviewRound, at: datetime) -> None:
    """Let the officer post the letters on paper."""
    assessing.record_posted(the_play.people, at=at)


def _members(the_play: Play, review_round: ReviewRound) -> Iterator[tuple[DemoCase, Application]]:
    for case in the_play.cases.get(review_round.number, []):
        application = the_play.applications[case.number]
        application.refresh_from_db()
        yield case, application


def _count(the_play: Play, review_round: ReviewRound, report: RoundReport) -> None:
    members = Application.objects.filter(seal__review_round=review_round)
    report.submitted = members.count()
    report.granted = members.filter(decision__outcome=Outcome.GRANTED).count()
    report.rejected = members.filter(decision__outcome=Outcome.REJECTED).count()
    report.letters = members.filter(decision__letter__sent_at__isnull=False).count()
