"""To which round a moment belongs (rules 2 and 3)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from calls.domain.rounds import (
    expected_award,
    hold_unsealed,
    is_before_opening,
    is_in_gap,
    round_for,
)
from calls.domain.setup import moment
from calls.models import Call, ReviewRound
from calls.queries import calls_open, due_for_sealing
from tests.factories.calls import make_call
from tests.factories.moments import CALL_OPENS, LAST_DEADLINE
from tests.refusals import refused_by

TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Window:
    deadline_at: datetime


moments = st.datetimes(
    min_value=datetime.fromisoformat("2024-01-01"),
    max_value=datetime.fromisoformat("2024-12-31"),
    timezones=st.just(UTC),
)


@given(moments, st.lists(moments, max_size=6))
def test_a_moment_belongs_to_the_first_deadline_strictly_after_it(
    at: datetime, deadlines: list[datetime]
) -> None:
    found = round_for(at, [Window(each) for each in deadlines])
    ahead = sorted(each for each in deadlines if each > at)
    assert (found.deadline_at if found else None) == (ahead[0] if ahead else None)


@given(st.lists(moments, min_size=1, max_size=6))
def test_the_very_deadline_is_late_and_a_microsecond_before_is_not(deadlines: list[datetime]) -> None:
    first = min(deadlines)
    windows = [Window(each) for each in deadlines]
    in_time = round_for(first - TICK, windows)
    late = round_for(first, windows)
    assert in_time is not None
    assert in_time.deadline_at == first
    assert late is None or late.deadline_at > first


@pytest.mark.django_db
class TestCallOf2024:
    @pytest.fixture
    def call(self) -> Call:
        return make_call()

    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("2024-05-14T13:59:59.999999", 1),
            ("2024-05-14T14:00:00", 2),
            ("2024-05-14T14:00:00.000001", 2),
            ("2024-06-11T13:59:59.999999", 2),
            ("2024-06-11T14:00:00", 3),
            ("2024-06-20T09:00:00", 3),
            ("2024-07-01T23:59:59.999999", 3),
            ("2024-07-30T14:00:00", 4),
            ("2024-08-27T14:00:00", 5),
            ("2024-09-24T13:59:59.999999", 5),
            ("2024-09-24T14:00:00", None),
        ],
    )
    def test_deadlines_are_dutch_wall_clock_times(self, call: Call, typed: str, number: int | None) -> None:
        found = round_for(moment(typed), call.rounds.all())
        assert (found.number if found else None) == number

    def test_a_deadline_is_the_same_moment_seen_from_anywhere(self, call: Call) -> None:
        late, in_time = (
            datetime(2024, 5, 14, 12, 0, tzinfo=UTC),
            datetime(2024, 5, 14, 11, 59, 59, tzinfo=UTC),
        )
        assert [round_for(each, call.rounds.all()).number for each in (in_time, late)] == [1, 2]

    def test_between_two_rounds_there_is_a_gap(self, call: Call) -> None:
        third = call.rounds.get(number=3)
        assert is_in_gap(moment("2024-06-11T14:00"), third)
        assert is_in_gap(moment("2024-07-01T23:59:59"), third)
        assert not is_in_gap(moment("2024-07-02T00:00"), third)
        assert not is_in_gap(moment("2024-05-14T14:00"), call.rounds.get(number=2))

    def test_before_the_opening_nothing_is_taken(self, call: Call) -> None:
        assert is_before_opening(CALL_OPENS - TICK, call)
        assert not is_before_opening(CALL_OPENS, call)

    def test_a_call_is_open_from_its_opening_until_its_last_deadline(self, call: Call) -> None:
        for at, is_open in [
            (CALL_OPENS - TICK, False),
            (CALL_OPENS, True),
            (moment("2024-06-20T12:00"), True),
            (LAST_DEADLINE - TICK, True),
            (LAST_DEADLINE, False),
        ]:
            assert list(calls_open(at=at)) == ([call] if is_open else [])

    def test_awards_are_expected_six_weeks_after_each_deadline(self, call: Call) -> None:
        awards = [str(each) for each in call.rounds.values_list("award_expected_on", flat=True)]
        assert awards == ["2024-06-25", "2024-07-23", "2024-09-10", "2024-10-08", "2024-11-05"]

    def test_a_round_is_sealed_after_the_longest_request(self, call: Call, settings) -> None:
        settings.SEALING_GRACE_SECONDS = 120
        deadline = call.rounds.get(number=1).deadline_at
        grace = timedelta(seconds=120)
        assert list(due_for_sealing(at=deadline + grace - TICK)) == []
        assert [each.number for each in due_for_sealing(at=deadline + grace)] == [1]
        call.rounds.filter(number=1).update(sealed_at=deadline + grace)
        assert list(due_for_sealing(at=deadline + grace)) == []

    def test_a_sealed_round_cannot_be_held(self, call: Call) -> None:
        first = call.rounds.get(number=1)
        with transaction.atomic():
            assert hold_unsealed(first)
        call.rounds.filter(number=1).update(sealed_at=first.deadline_at)
        with transaction.atomic():
            assert not hold_unsealed(first)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deadline", "utc_hour", "utc_hour_day_before"),
    [("2024-03-31T14:00", 12, 13), ("2024-10-27T14:00", 13, 12)],
)
def test_a_deadline_on_the_day_the_clock_changes_is_at_two_in_the_afternoon(
    deadline: str, utc_hour: int, utc_hour_day_before: int
) -> None:
    """Rule 2, on 31 March and 27 October 2024."""
    day = deadline[:10]
    rounds = [
        {"opens_at": "2024-01-08T09:00", "deadline_at": deadline},
        {"opens_at": "2024-11-01T09:00", "deadline_at": "2024-12-02T14:00"},
    ]
    call = make_call(rounds=rounds, opens_at="2024-01-08T09:00")
    first = call.rounds.get(number=1)
    assert first.deadline_at.astimezone(UTC).hour == utc_hour
    assert moment(deadline).replace(day=int(day[-2:]) - 1).astimezone(UTC).hour == utc_hour_day_before
    assert round_for(moment(f"{day}T13:59:59.999999"), call.rounds.all()) == first
    assert round_for(moment(f"{day}T14:00:00"), call.rounds.all()).number == 2
    # Exactly a day of 23 or 25 hours lies between these two in-time moments; neither is late.
    assert round_for(moment(deadline) - timedelta(days=1), call.rounds.all()) == first


@pytest.mark.django_db
@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_two_hours(fold: int) -> None:
    rounds = [{"opens_at": "2024-10-01T09:00", "deadline_at": "2024-10-27T02:30"}]
    call = make_call(rounds=rounds)
    twice = moment("2024-10-27T02:15").replace(fold=fold).astimezone(UTC)
    assert (round_for(twice, call.rounds.all()) is None) == (fold == 1)


def test_an_award_is_expected_on_the_dutch_day() -> None:
    assert str(expected_award(datetime(2024, 5, 14, 22, 30, tzinfo=UTC), weeks=6)) == "2024-06-26"


@pytest.mark.django_db
class TestDatabase:
    def test_rounds_of_a_call_do_not_overlap(self) -> None:
        first = make_call().rounds.get(number=1)
        with refused_by("review_rounds_of_a_call_do_not_overlap"):
            ReviewRound.objects.create(
                call=first.call,
                number=9,
                opens_at=first.deadline_at - TICK,
                deadline_at=first.deadline_at,
                award_expected_on=first.award_expected_on,
            )

    def test_rounds_may_touch_and_other_calls_may_overlap(self) -> None:
        first = make_call().rounds.get(number=1)
        other = make_call(slug="ander", reference_prefix="AND")
        assert other.rounds.get(number=1).deadline_at == first.deadline_at
        assert first.call.rounds.get(number=2).opens_at == first.deadline_at

    def test_a_number_is_of_one_round(self) -> None:
        rounds = make_call().rounds
        with refused_by("review_round_one_per_number"):
            rounds.filter(number=2).update(number=1)

    def test_a_round_opens_before_its_deadline(self) -> None:
        first = make_call().rounds.filter(number=1)
        with refused_by("review_round_opens_before_its_deadline"):
            first.update(opens_at=first.get().deadline_at)

    def test_a_round_is_not_sealed_before_its_deadline(self) -> None:
        """Rule 4."""
        first = make_call().rounds.filter(number=1)
        with refused_by("review_round_sealed_only_after_its_deadline"):
            first.update(sealed_at=first.get().deadline_at - TICK)

    def test_a_round_never_grants_above_its_ceiling(self) -> None:
        """Rule 18."""
        first = make_call().rounds.filter(number=1)
        first.update(ceiling=100)
        with refused_by("review_round_grants_within_ceiling"):
            first.update(granted_total="100.01")
        with refused_by("review_round_grants_within_ceiling"):
            first.update(granted_total="-0.01")
