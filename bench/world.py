"""A call in its third round, full of applications in every state, spread over regions, rounds and people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count as count_up
from itertools import repeat
from uuid import uuid4

from django.db import connection

from applications.models import Application
from bench.copying import Family, Swaps, triggers_off
from bench.population import copies, prepare, ready_for, submitted_in
from calls.enums import Outcome
from calls.models import Call
from demo.cases import DemoCase, cases
from demo.cast import APPLICANT, CHAIR, OFFICER, RELEASER, REVIEWER_ONE, DemoPerson
from demo.domain import assessing
from demo.domain.clock import set_clock
from demo.domain.jobs import OwnHands
from demo.domain.people import seat
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from regions.models import Municipality, Region
from reviews.domain.interests import declare_interest
from reviews.models import InterestDeclaration
from website.domain.states import renew_region_states
from website.models import RegionState

# Of every hundred applications. The second round holds what waits for reviewers, committee and office.
SHARES = {
    "granted": 12,
    "assigned": 18,
    "reviewed": 18,
    "advised": 18,
    "decided": 6,
    "submitted": 16,
    "draft": 12,
}
# So many other people apply, and review beside the one whose list is measured.
OTHER_APPLICANTS, OTHER_REVIEWERS = 100, 30
MAILS_PER_APPLICATION = 5
# Drafts of the applicant whose pages are measured, the same number however many applications there are.
OWN_DRAFTS = 60


@dataclass(frozen=True)
class World:
    """One application in each state with everybody around it, to be copied."""

    call: Call
    people: dict[str, User]
    originals: dict[str, Application]
    present: datetime


def begin() -> World:
    """Bring one application to each state, by the portal's own acts."""
    call, people, _case = prepare()
    regions = list(Region.objects.order_by("code"))
    # Granted all, so that each can go all the way.
    played = {
        state: replace(case, score=4, outcome=Outcome.GRANTED, granted=case.asked)
        for state, case in zip(SHARES, cases(regions, len(SHARES), start=40), strict=True)
    }
    third = call.rounds.get(number=3)
    present = third.opens_at + timedelta(days=10)
    world = World(call, people, {}, present)
    hands = OwnHands()
    _play_first_round(world, hands, played)
    _play_second_round(world, hands, played)
    hands.move_clock(present)
    applicant = people[APPLICANT.key]
    world.originals["submitted"] = submitted_in(third, played["submitted"], applicant)
    world.originals["draft"] = ready_for(third, played["draft"], applicant, at=present - timedelta(hours=1))
    set_clock(present)
    return world


def _play_first_round(world: World, hands: OwnHands, played: dict[str, DemoCase]) -> None:
    """Grant, and send the letter."""
    first, case = world.call.rounds.get(number=1), played["granted"]
    application = submitted_in(first, case, world.people[APPLICANT.key])
    hands.move_clock(first.deadline_at + timedelta(minutes=5))
    hands.finish(world.call)
    at = first.deadline_at + timedelta(days=14)
    hands.move_clock(at)
    _judge(world, application, case, "granted", at=at)
    assessing.release(application, world.people, at=at)
    hands.finish(world.call)
    assessing.ask_for_post(world.people, at=at)
    hands.finish(world.call)
    assessing.record_posted(world.people, at=at)
    hands.finish(world.call)
    world.originals["granted"] = application


def _play_second_round(world: World, hands: OwnHands, played: dict[str, DemoCase]) -> None:
    """Leave one at each step of the assessment; all but the first are open to committee and office."""
    second = world.call.rounds.get(number=2)
    states = ("assigned", "reviewed", "advised", "decided")
    for state in states:
        world.originals[state] = submitted_in(second, played[state], world.people[APPLICANT.key])
    hands.move_clock(second.deadline_at + timedelta(minutes=5))
    hands.finish(world.call)
    at = second.deadline_at + timedelta(days=14)
    hands.move_clock(at)
    for state in states:
        _judge(world, world.originals[state], played[state], state, at=at)
    hands.finish(world.call)


def _judge(world: World, application: Application, case: DemoCase, state: str, *, at: datetime) -> None:
    people, steps = world.people, list(SHARES)
    application.refresh_from_db()
    if state == "assigned":
        for each in application.assignments.filter(ended_at=None):
            _declare(application, [each.reviewer], at=at)
        return
    assessing.review(application, case, at=at)
    application.refresh_from_db()
    if state != "reviewed":
        assessing.advise(application, case, people, at=at)
        application.refresh_from_db()
    if state in {"decided", "granted"}:
        assessing.decide(application, case, people, at=at)
        application.refresh_from_db()
    assert state in steps
    _declare(application, [people[each.key] for each in _handling(state)], at=at)


def _handling(state: str) -> list[DemoPerson]:
    return [CHAIR, OFFICER] if state == "granted" else [CHAIR, OFFICER, RELEASER]


def _declare(application: Application, users: Iterable[User], *, at: datetime) -> None:
    for user in users:
        if not InterestDeclaration.objects.filter(application=application, user=user).exists():
            declare_interest(
                application_id=application.pk, has_interest=False, explanation="", actor=user, at=at
            )


def fill(world: World, count: int, *, start: int = 0) -> None:
    """Let there be as many applications as ``count``, of which ``start`` are there."""
    crowd = _Crowd.seated(world)
    with triggers_off():
        for state, share in SHARES.items():
            original = world.originals[state]
            until, there = count * share // 100 - 1, max(start * share // 100 - 1, 0)
            Family(original).copy(until - there, crowd.swaps_for(original), start=there)
        mail = OutgoingMail.objects.latest("pk")
        tokens = (uuid4().hex for _each in count_up())
        copies(mail, (count - start) * MAILS_PER_APPLICATION, about=repeat(mail.about), return_token=tokens)
        if not start:
            drafts = Family(world.originals["draft"], with_organisations=False)
            drafts.copy(OWN_DRAFTS, lambda _number: {}, start=9_000)
    # Copies come without the notes that acts leave; this is how the sweep would have left them.
    RegionState.objects.all().delete()
    renew_region_states()
    with connection.cursor() as cursor:
        # As a server at work keeps its tables: without it each count looks at every row once more.
        cursor.execute("VACUUM (ANALYZE)")


@dataclass(frozen=True)
class _Crowd:
    """Whom and where the copies belong to."""

    applicant: User
    reviewer: User
    applicants: list[User]
    reviewers: list[User]
    places: list[Municipality]

    @classmethod
    def seated(cls, world: World) -> "_Crowd":
        """Give the people of the copies their accounts."""
        at = world.present - timedelta(days=90)
        return cls(
            applicant=world.people[APPLICANT.key],
            reviewer=world.people[REVIEWER_ONE.key],
            applicants=[
                seat(DemoPerson(f"aanvrager-{n}", f"Aanvrager {n}"), at=at) for n in range(OTHER_APPLICANTS)
            ],
            reviewers=[
                seat(DemoPerson(f"beoordelaar-{n}", f"Beoordelaar {n}", (Role.REVIEWER,)), at=at)
                for n in range(OTHER_REVIEWERS)
            ],
            places=[each.municipalities.order_by("code")[0] for each in Region.objects.order_by("code")],
        )

    def swaps_for(self, original: Application) -> Callable[[int], Swaps]:
        """Return what differs in each copy: applicant, second reviewer, region and seats."""
        region = original.coalition.region
        seats = [each.pk for each in region.municipalities.all()]
        pair = [each.reviewer_id for each in original.assignments.order_by("pk")]
        # The one whose list is measured reads everything, with somebody else each time.
        pair.sort(key=lambda pk: pk != self.reviewer.pk)

        def swaps(number: int) -> Swaps:
            place = self.places[number % len(self.places)]
            own: Swaps = {(User, self.applicant.pk): self.applicants[number % len(self.applicants)].pk}
            own[Region, region.pk] = place.region_id
            own |= {(Municipality, pk): place.pk for pk in seats}
            others = [self.reviewer.pk, self.reviewers[number % len(self.reviewers)].pk]
            return own | {(User, pk): other for pk, other in zip(pair, others, strict=False)}

        return swaps
