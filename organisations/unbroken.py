"""What people say of an organisation without a break, under one name of it or several (rule 27)."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from organisations.models import Representative
from organisations.queries import claims


def was_vouched_for(way: str = "") -> Q:
    """Return the condition on a representation, to which ``way`` leads, that somebody vouched for it: under this name, or one before it.

    For what ties: who names their organisation otherwise is pending again, and knows no less of it (rules 14 and 26).
    """
    since = Coalesce(OuterRef(f"{way}unbroken_since"), OuterRef(f"{way}since_at"))
    named = Representative.objects.filter(
        user=OuterRef(f"{way}user"), organisation=OuterRef(f"{way}organisation"), proved_at__isnull=False
    )
    return Q(Exists(named.filter(since_at__gte=since, since_at__lte=OuterRef(f"{way}since_at"))))


def vouched_people_of(organisation_id: int, *, since: datetime | None = None) -> QuerySet[User]:
    """Return who represents an organisation and was vouched for, under this name of it or one before: to be told, waited for and tied.

    With a moment also who did since: nobody leaves a side for a moment (rule 8).
    """
    lately = Q(ended_at=None) if since is None else lasted_until(since)
    rows = Representative.objects.filter(was_vouched_for(), lately, organisation=organisation_id)
    return User.objects.filter(pk__in=rows.order_by().values("user"))


def lasted_until(moment: datetime | F | OuterRef, way: str = "") -> Q:
    """Return the condition on a representation, to which ``way`` leads, that it goes on, or ended after a moment (rule 8)."""
    return Q(**{f"{way}ended_at": None}) | Q(**{f"{way}ended_at__gt": moment})


def goes_on_otherwise() -> Q:
    """Return the condition on a representation that ended by naming the organisation otherwise: its person is not gone."""
    renamed = Representative.objects.filter(
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        since_at=OuterRef("ended_at"),
        unbroken_since__isnull=False,
    )
    return Q(Exists(renamed))


def claims_unbroken_since(user: Person, moment: OuterRef) -> QuerySet[Representative]:
    """Return what a person says, and said without a break since a moment of an outer row: who was ended, or stopped, begins anew."""
    if not user.is_authenticated:
        return Representative.objects.none()
    return claims_said_since(moment).filter(user=user.pk)


def claims_said_since(moment: OuterRef) -> QuerySet[Representative]:
    """Return what anybody says, and said without a break since a moment of an outer row."""
    since = Coalesce("unbroken_since", "since_at")
    return claims().annotate(unbroken=since).filter(unbroken__lte=moment)
