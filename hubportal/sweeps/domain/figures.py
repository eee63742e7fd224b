"""Figures of background work: what was done, what failed, and since when the oldest row waits."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Count, Min

from hubportal.sweeps.domain.sweeping import Sweep
from hubportal.sweeps.models import SweepCount
from hubportal.sweeps.queries import stuck_rows


@dataclass(frozen=True)
class SweepFigures:
    """The figures of one sweep."""

    name: str
    words: Any
    done: int
    failed: int
    waiting: int
    oldest_waits_since: datetime | None
    stuck: int
    last_run_at: datetime | None


def every_sweep() -> list[Sweep]:
    """Return the sweeps that the ``tasks`` modules of the apps declare, by name."""
    names = (f"{each.name}.tasks" for each in apps.get_app_configs())
    modules = (import_module(name) for name in names if find_spec(name))
    found = {
        each.name: each for module in modules for each in vars(module).values() if isinstance(each, Sweep)
    }
    return [found[name] for name in sorted(found)]


def sweep_figures(*, at: datetime, of_decisions: bool = True) -> list[SweepFigures]:
    """Return the figures of each sweep, of those that tell of decisions where asked: two queries, and one for each sweep."""
    counts = {each.sweep: each for each in SweepCount.objects.all()}
    stuck = dict(stuck_rows().order_by().values_list("sweep").annotate(Count("pk")))
    shown = [each for each in every_sweep() if of_decisions or not each.tells_of_decisions]
    return [_figures(each, counts.get(each.name), stuck.get(each.name, 0), at=at) for each in shown]


def _figures(sweep: Sweep, count: SweepCount | None, stuck: int, *, at: datetime) -> SweepFigures:
    waiting = (
        sweep.due(at).order_by().aggregate(number=Count("pk", distinct=True), oldest=Min(sweep.waits_since))
    )
    return SweepFigures(
        name=sweep.name,
        words=sweep.words,
        done=count.done if count else 0,
        failed=count.failed if count else 0,
        waiting=waiting["number"],
        oldest_waits_since=waiting["oldest"],
        stuck=stuck,
        last_run_at=count.last_run_at if count else None,
    )
