"""Sweeps of the mapping app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from mapping.domain.removing import empty_bin
from mapping.queries import bins_to_empty

BINS = Sweep(
    name="mapping.empty_bins",
    words=_("Forgetting what was taken off a map long ago"),
    due=lambda at: bins_to_empty(at=at),
    act=lambda entry_id, at: empty_bin(entry_id=entry_id, at=at),
    waits_since="removed_at",
)


@shared_task(name=BINS.name)
def empty_bins_task() -> None:
    """Forget what was taken off a map too long ago to be put back."""
    run(BINS, now=clock.now)
