"""Reads of copies of drafts."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from applications.models import Application, DraftCopy

# Made again whenever somebody asks: nothing is lost when it goes.
KEPT_FOR = timedelta(days=2)


def copies_of(application: Application, *, with_people: bool) -> QuerySet[DraftCopy]:
    """Return the copies of a draft for who may see its people, or for who may not, the latest first."""
    found = DraftCopy.objects.filter(application=application.pk, with_people=with_people)
    return found.defer("content").order_by("-asked_at", "-pk")


def copies_to_make() -> QuerySet[DraftCopy]:
    """Return the copies that wait to be made, the longest waiting first."""
    return DraftCopy.objects.filter(made_at=None).order_by("asked_at", "pk")


def copies_past_their_time(*, at: datetime) -> QuerySet[DraftCopy]:
    """Return the copies that were asked so long ago that they go, the oldest first."""
    return DraftCopy.objects.filter(asked_at__lte=at - KEPT_FOR).order_by("asked_at", "pk")
