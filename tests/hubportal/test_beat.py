"""Sweeps are sent one after another through the period, each of them once in it, each time in another order."""

import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hubportal.beat import Spread

SECOND = timedelta(seconds=1)
NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def turns(place: int, *, seconds: int, since: datetime = NOON) -> list[float]:
    """Return after how many seconds a place of four has its turns, looked at every tenth of a second."""
    spread, last, found = Spread(10 * SECOND, place, 4), since, list[float]()
    for step in range(seconds * 10):
        now = since + step * SECOND / 10
        spread.nowfun = lambda now=now: now
        if spread.is_due(last).is_due:
            last = now
            found.append(step / 10)
    return found


def test_each_place_has_its_turn_once_in_a_period_and_no_two_at_the_same_moment() -> None:
    found = [turns(place, seconds=400) for place in range(4)]
    # The turn at the moment it is looked at first was there before.
    moments = [0.0, *sorted(each for place in found for each in place)]
    assert moments == [2.5 * number for number in range(160)]
    for place in found:
        periods = [int(each // 10) for each in place]
        assert periods in (list(range(40)), list(range(1, 40)))


def test_no_place_is_always_the_last_of_a_period() -> None:
    within = [{each % 10 for each in turns(place, seconds=400)} for place in range(4)]
    assert within == [{0.0, 2.5, 5.0, 7.5}] * 4


def test_no_turn_waits_for_the_hour_that_the_clock_repeats() -> None:
    before = datetime(2024, 10, 27, 2, 59, 58, tzinfo=ZoneInfo("Europe/Amsterdam"))
    spread = Spread(10 * SECOND, 0, 4)
    spread.nowfun = lambda: datetime(2024, 10, 27, 2, 0, 20, fold=1, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert spread.is_due(before).is_due


def test_a_turn_that_was_missed_is_made_up_for_once() -> None:
    spread = Spread(10 * SECOND, 1, 4)
    spread.nowfun = lambda: NOON + 60 * SECOND
    missed, asked_again = spread.is_due(NOON), spread.is_due(NOON + 60 * SECOND)
    assert (missed.is_due, asked_again.is_due, missed.next) == (True, False, asked_again.next)
    assert 0 < missed.next <= 20


def test_what_beat_keeps_on_disk_is_the_same_schedule() -> None:
    kept = pickle.loads(pickle.dumps(Spread(10 * SECOND, 3, 4)))
    assert (kept.run_every, kept.place, kept.places) == (10 * SECOND, 3, 4)


def test_all_sweeps_have_a_place_of_their_own(settings) -> None:
    spread = [each["schedule"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    places = [each.place for each in spread if isinstance(each, Spread)]
    assert places == list(range(len(settings.SWEEPS)))
