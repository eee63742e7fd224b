"""Sweeps of the mapping app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from mapping.agreement_queries import questions_to_remind
from mapping.correction_queries import corrections_to_forget
from mapping.domain.asking import remind_of_question
from mapping.domain.correcting import forget_correction
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

QUESTIONS = Sweep(
    name="mapping.remind_of_questions",
    words=_("Reminding organisations to answer about their public text"),
    due=lambda at: questions_to_remind(at=at),
    act=lambda request_id, at: remind_of_question(request_id=request_id, at=at),
    waits_since="expires_at",
)

CORRECTIONS = Sweep(
    name="mapping.forget_corrections",
    words=_("Forgetting requests for a correction that nobody confirmed"),
    due=lambda at: corrections_to_forget(at=at),
    act=lambda request_id, at: forget_correction(request_id=request_id, at=at),
    waits_since="asked_at",
)


@shared_task(name=CORRECTIONS.name)
def forget_corrections_task() -> None:
    """Forget the requests for a correction that nobody confirmed."""
    run(CORRECTIONS, now=clock.now)


@shared_task(name=QUESTIONS.name)
def remind_of_questions_task() -> None:
    """Remind organisations of what they were asked and did not answer."""
    run(QUESTIONS, now=clock.now)


@shared_task(name=MERGES.name)
def forget_merges_task() -> None:
    """Forget the merges that can no longer be undone."""
    run(MERGES, now=clock.now)


@shared_task(name=BINS.name)
def empty_bins_task() -> None:
    """Forget what was taken off a map too long ago to be put back."""
    run(BINS, now=clock.now)
