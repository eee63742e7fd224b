"""Reads of advice: its draft, its place in a ranking, and what was taken back."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import Application
from hubportal.accounts.permissions import Person
from reviews.models import AdviceDraft, Assignment, CommitteeAdvice, WithdrawnAdvice


def advice_draft_on(application: Application) -> QuerySet[AdviceDraft]:
    """Return the draft of the advice on an application, with who saved it."""
    return AdviceDraft.objects.filter(application=application).select_related("saved_by")


def withdrawn_advice_on(application: Application) -> QuerySet[WithdrawnAdvice]:
    """Return the advice that was taken back on an application, oldest first."""
    found = WithdrawnAdvice.objects.filter(application=application).select_related("fixed_by", "withdrawn_by")
    return found.order_by("number")


def rank_is_taken(application: Application, rank: int) -> bool:
    """Tell whether a place in the ranking was given to another application of the round."""
    same = CommitteeAdvice.objects.filter(review_round=application.review_round_id, rank=rank)
    return same.exclude(application=application).exists()


def is_reviewed_by(user: Person, *, application: str = "pk") -> Exists:
    """Return whether a person reviews or reviewed the application that this field of a row leads to (rule 14)."""
    own = Assignment.objects.filter(application=OuterRef(application), reviewer=user.pk)
    return Exists(own.filter(Q(ended_at=None) | Q(completed_at__isnull=False)))
