"""Reads of copies of drafts."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from applications.models import Application, DraftCopy
from hubportal.accounts.models import User

# Made again whenever somebody asks: nothing is lost when it goes.
KEPT_FOR = timedelta(days=2)


def copies_of(application: Application, reader: User, *, with_people: bool) -> QuerySet[DraftCopy]:
    """Return the copies of a draft for who may see its people, or for who may not, the latest first.

    Who reads or writes along has those that they asked themselves: in an earlier one may stand what was taken out before they
    came (rule 37).
    """
    found = DraftCopy.objects.filter(application=application.pk, with_people=with_people)
    found = found if with_people else found.filter(asked_by=reader)
    return found.defer("content").order_by("-asked_at", "-pk")


def copies_to_make() -> QuerySet[DraftCopy]:
    """Return the copies that wait to be made, the longest waiting first."""
    return DraftCopy.objects.filter(made_at=None, given_up_at=None).order_by("asked_at", "pk")


def copies_past_their_time(*, at: datetime) -> QuerySet[DraftCopy]:
    """Return the copies that were asked so long ago that they go, the oldest first."""
    return DraftCopy.objects.filter(asked_at__lte=at - KEPT_FOR).order_by("asked_at", "pk")
