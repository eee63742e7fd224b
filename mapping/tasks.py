"""Sweeps of the mapping app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from mapping.domain.removing import empty_bin
from mapping.domain.unmerging import forget_merge
from mapping.queries import bins_to_empty, merges_to_forget

BINS = Sweep(
    name="mapping.empty_bins",
    words=_("Forgetting what was taken off a map long ago"),
    due=lambda at: bins_to_empty(at=at),
    act=lambda entry_id, at: empty_bin(entry_id=entry_id, at=at),
    waits_since="removed_at",
)
MERGES = Sweep(
    name="mapping.forget_merges",
    words=_("Forgetting merges that can no longer be undone"),
    due=lambda at: merges_to_forget(at=at),
    act=lambda merge_id, at: forget_merge(merge_id=merge_id, at=at),
    waits_since="merged_at",
)


@shared_task(name=MERGES.name)
def forget_merges_task() -> None:
    """Forget the merges that can no longer be undone."""
    run(MERGES, now=clock.now)


@shared_task(name=BINS.name)
def empty_bins_task() -> None:
    """Forget what was taken off a map too long ago to be put back."""
    run(BINS, now=clock.now)
