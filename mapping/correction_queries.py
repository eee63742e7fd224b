"""Reads of what visitors asked about public cards."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from hubportal.accounts.permissions import OFFICERS, Person
from mapping.assignment_queries import regions_without_kwartiermaker
from mapping.models import CorrectionRequest
from mapping.queries import regions_of
from organisations.models import Organisation
from organisations.queries import public_organisations_in
from regions.models import Region

# How long somebody has to confirm that it was them who asked.
DAYS_TO_CONFIRM = 7
# After these, the office sees what no kwartiermaker answered.
DAYS_TO_ANSWER = 14


def public_card(region: Region, key: UUID) -> Organisation | None:
    """Return the organisation of a public card of a region; nothing where there is no such card (rule 23)."""
    return public_organisations_in(region).select_related("municipality").filter(map_key=key).first()


def correction_with(digest: str) -> CorrectionRequest | None:
    """Return the request whose secret has a digest, confirmed or not."""
    asked = CorrectionRequest.objects.select_related("organisation__municipality", "region")
    return asked.filter(secret_digest=digest).first()


def corrections_of(user: Person) -> QuerySet[CorrectionRequest]:
    """Return what a kwartiermaker was asked in the assigned regions, what waits longest in front, answered ones last."""
    return _confirmed().filter(region__in=regions_of(user).values("pk"))


def corrections_of_office(user: Person) -> QuerySet[CorrectionRequest]:
    """Return what was asked, for an officer; for nobody else."""
    return _confirmed() if OFFICERS.includes(user) else CorrectionRequest.objects.none()


def corrections_open_to(user: Person) -> QuerySet[CorrectionRequest]:
    """Return what a kwartiermaker of its region or an officer can answer."""
    office = corrections_of_office(user).order_by().values("pk")
    return _confirmed().filter(Q(pk__in=corrections_of(user).order_by().values("pk")) | Q(pk__in=office))


def _confirmed() -> QuerySet[CorrectionRequest]:
    asked = CorrectionRequest.objects.filter(confirmed_at__isnull=False)
    return asked.select_related("organisation__municipality", "region", "answered_by").order_by(
        "confirmed_at", "pk"
    )


def unanswered(asked: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
    """Return those of some requests that nobody answered yet."""
    return asked.filter(answered_at=None)


def waiting_too_long(asked: QuerySet[CorrectionRequest], *, at: datetime) -> QuerySet[CorrectionRequest]:
    """Return those that should have been answered by now, and those of regions where there is nobody else to answer."""
    is_late = Q(confirmed_at__lte=at - timedelta(days=DAYS_TO_ANSWER))
    return unanswered(asked).filter(is_late | Q(region__in=regions_without_kwartiermaker().values("pk")))


def corrections_to_forget(*, at: datetime) -> QuerySet[CorrectionRequest]:
    """Return what nobody confirmed in time, the longest ago first."""
    late = CorrectionRequest.objects.filter(
        confirmed_at=None, asked_at__lte=at - timedelta(days=DAYS_TO_CONFIRM)
    )
    return late.order_by("asked_at", "pk")
