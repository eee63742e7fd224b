"""Time is read in one place, in the Netherlands' zone (rule 2)."""

import re
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.conf import settings

from hubportal.kernel import clock


def test_a_moment_falls_on_the_dutch_day() -> None:
    assert clock.local_date(datetime(2024, 6, 30, 22, 30, tzinfo=UTC)) == date(2024, 7, 1)
    assert clock.local_date(datetime(2024, 12, 31, 22, 30, tzinfo=UTC)) == date(2024, 12, 31)


def test_wall_clock_times_are_of_summer_and_winter() -> None:
    assert clock.local_moment(date(2024, 7, 1), 14).astimezone(UTC).hour == 12
    assert clock.local_moment(date(2024, 12, 1), 14).astimezone(UTC).hour == 13


def test_the_clock_moves_with_its_source_and_back() -> None:
    present = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with time_machine.travel(present, tick=False):
        clock.move_with(lambda: timedelta(days=-900))
        assert clock.now() == present - timedelta(days=900)
        assert clock.shifted(present) == present - timedelta(days=900)
        clock.move_with(None)
        assert clock.now() == present


def test_nothing_below_views_admin_and_tasks_reads_the_time() -> None:
    reads = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|clock\.now\(|time\.time\(")
    rooms = (
        "domain",
        "queries",
        "queries.py",
        "permissions.py",
        "events.py",
        "models",
        "forms.py",
        "letters",
        "invariants.py",
    )
    apps = [
        "regions",
        "organisations",
        "mapping",
        "calls",
        "coalitions",
        "letters",
        "applications",
        "reviews",
        "decisions",
        "retention",
    ]
    apps += [f"hubportal/{each}" for each in ("accounts", "audit", "mail", "documents", "sweeps")]
    found = []
    for app in apps:
        for room in rooms:
            place = settings.BASE_DIR / app / room
            files = [place] if place.is_file() else sorted(place.rglob("*.py"))
            found += [str(each) for each in files if reads.search(each.read_text("utf-8"))]
    assert found == []
