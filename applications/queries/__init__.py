"""Reads of applications; everything is loaded through these."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from applications.enums import (
    ASSESSED_STATUSES,
    RECEIVED_STATUSES,
    Status,
)
from applications.models import (
    Application,
    OneTimeLink,
    ReadingAccess,
    Receipt,
)
from applications.queries.collaborators import joined_by, writing_along
from coalitions.models import Participation
from coalitions.queries import begun_by, spoken_for_by, unproved_beginner
from hubportal.accounts.models import User
from hubportal.accounts.permissions import ASSESSORS, Audience, Person
from organisations.models import Organisation
from organisations.queries import keys_spoken_for


def owned_by(user: Person) -> QuerySet[Application]:
    """Return the applications of which the person writes for the lead organisation.

    Who speaks for it has all of them; who only said so, what was never submitted of coalitions that they started (rule 27).
    """
    return _with_keys(*_owned(user))


def _owned(user: Person) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the keys of what a person owns, by speaking for its lead and by having begun it: short lists, where a condition would be tried on every row."""
    begun = Application.objects.filter(submitted_at=None, coalition__in=begun_by(user).values("pk"))
    return _keys(represented_by(user)), _keys(begun)


def writable_by(user: Person) -> QuerySet[Application]:
    """Return the applications that a person may write: for the lead organisation, or as they were invited to (rule 37)."""
    return _with_keys(*_owned(user), writing_along(user).order_by().values("application"))


def in_room_of(user: Person) -> QuerySet[Application]:
    """Return the applications that a person writes or was invited to read, for the lead organisation or with it."""
    return _with_keys(*_owned(user), joined_by(user).order_by().values("application"))


def _keys(rows: QuerySet[Application]) -> QuerySet[Application, Any]:
    return rows.order_by().values("pk")


def _with_keys(first: QuerySet[Any], *others: QuerySet[Any]) -> QuerySet[Application]:
    return Application.objects.filter(pk__in=first.union(*others))


def represented_by(user: Person) -> QuerySet[Application]:
    """Return the applications whose lead organisation the person speaks for (rule 27)."""
    return Application.objects.filter(coalition__lead_organisation__in=keys_spoken_for(user))


def shared_with(user: Person) -> QuerySet[Application]:
    """Return the applications on which a partner that the person speaks for was asked to answer."""
    return Application.objects.filter(pk__in=_asked_of(user).values("application"))


def only_shared_with(user: Person) -> QuerySet[Application]:
    """Return the applications that were shared with the person and that their own organisations do not lead."""
    keys = _asked_of(user).values("application").difference(owned_by(user).order_by().values("pk"))
    return Application.objects.filter(pk__in=keys)


def visible_to_applicants(user: Person) -> QuerySet[Application]:
    """Return the applications that the person's organisations lead or were asked about."""
    return _with_keys(*_owned(user), _asked_of(user).order_by().values("application"))


def shown_in_room(user: Person) -> QuerySet[Application]:
    """Return what ``visible_to_applicants`` does, and the drafts in which the person takes part by invitation (rule 37)."""
    asked = _asked_of(user).order_by().values("application")
    return _with_keys(*_owned(user), asked, joined_by(user).order_by().values("application"))


def _asked_of(user: Person) -> QuerySet[OneTimeLink]:
    """Return the links of the places that a person answers for: all of their organisations', else those to their own address."""
    if not user.is_authenticated:
        return OneTimeLink.objects.none()
    own = Q(email__iexact=user.email) | Q(participation__organisation__in=keys_spoken_for(user))
    return OneTimeLink.objects.filter(own, participation__in=spoken_for_by(user).values("pk"))


def listed_for_assessors(user: Person) -> QuerySet[Application]:
    """Return the applications whose headline (reference, organisations, status) an assessor may see.

    Declaring interests needs no more; the content is for ``readable_by``. What was withdrawn once its round was sealed stays
    listed: that it is gone would tell it to whom it is closed (rule 26).
    """
    if not ASSESSORS.includes(user):
        return Application.objects.none()
    return Application.objects.filter(
        Q(status__in=ASSESSED_STATUSES) | Q(status=Status.SUBMITTED) | withdrawn_once_sealed()
    )


def withdrawn_once_sealed(application: str = "") -> Q:
    """Return the condition that an application, to which ``application`` leads, was withdrawn after its round was sealed."""
    way = f"{application}__" if application else ""
    return Q(**{f"{way}status": Status.WITHDRAWN, f"{way}seal__isnull": False})


def readable_by(user: Person) -> QuerySet[Application]:
    """Return the applications that an assessor has reading access to (rule 14)."""
    if not ASSESSORS.includes(user):
        return Application.objects.none()
    return Application.objects.filter(is_open_to(user))


def is_open_to(user: Person, *, application: str = "pk") -> Exists:
    """Return, for rows that lead to an application, whether it was opened to a person; ``application`` names the field."""
    return Exists(ReadingAccess.objects.filter(reading_of(user), application=OuterRef(application)))


def reading_of(user: Person, access: str = "") -> Q:
    """Return the condition that a reading access counts and is that of a person; ``access`` names the way to it."""
    way = f"{access}__" if access else ""
    return Q(**{f"{way}user": user.pk, f"{way}revoked_at": None})


def readable_as(audience: Audience) -> Callable[[Person], QuerySet[Application]]:
    """Return a query of the applications that a person with one of these roles has reading access to."""

    def opened(user: Person) -> QuerySet[Application]:
        return readable_by(user) if audience.includes(user) else Application.objects.none()

    return opened


def visible_to(user: Person) -> QuerySet[Application]:
    """Return the applications that a person may read, as applicant, partner or assessor (rule 22)."""
    return Application.objects.filter(
        Q(pk__in=shown_in_room(user).values("pk")) | Q(pk__in=readable_by(user).values("pk"))
    )


def reading_held(*, application: str, user: str, at: str) -> Exists:
    """Return, for rows that name an application, a person and a moment, whether it was open to them then.

    The arguments are the names of these fields on the rows that are asked about (rule 14).
    """
    granted = ReadingAccess.objects.filter(
        application=OuterRef(application), user=OuterRef(user), granted_at__lte=OuterRef(at)
    )
    return Exists(granted.filter(Q(revoked_at=None) | Q(revoked_at__gte=OuterRef(at))))


def receipts_to_produce() -> QuerySet[Receipt]:
    """Return the receipts that have no PDF yet, oldest first."""
    return Receipt.objects.filter(document=None).order_by("made_at", "pk")


def with_headline(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications with what their headline shows: coalition with its members, region, call and round."""
    return with_coalition(applications).prefetch_related("coalition__participations__organisation")


def with_coalition(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications with coalition, region, call and round, in the same query.

    And with ``unproved_beginner``: see ``coalitions.queries``.
    """
    related = applications.select_related("call", "review_round__call", "coalition__region")
    return related.annotate(unproved_beginner=unproved_beginner("coalition"))


def overlapping(application: Application) -> QuerySet[Application]:
    """Return what else was received in the call from the same region, or with one of the same organisations (rule 11).

    Also what was withdrawn once its round was sealed: that it is gone would tell it to whom it is closed (rule 26).
    """
    others = Application.objects.filter(_was_received(), call=application.call_id)
    from_region = others.filter(coalition__region=application.coalition.region_id)
    members = application.coalition.participations.values("organisation")
    beside = Participation.objects.filter(organisation__in=members).values("coalition")
    # Two short lists of keys; one condition or the other would be tried on every application of the call.
    keys = (
        from_region.order_by().values("pk").union(others.filter(coalition__in=beside).order_by().values("pk"))
    )
    return Application.objects.filter(pk__in=keys).exclude(coalition=application.coalition_id)


def _was_received() -> Q:
    return Q(status__in=RECEIVED_STATUSES) | withdrawn_once_sealed()


def with_members(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications with region and organisations, in one more query."""
    members = Prefetch("coalition__participations", Participation.objects.select_related("organisation"))
    return applications.select_related("coalition__region").prefetch_related(members)


def overlaps(application: Application) -> frozenset[tuple[int, int]]:
    """Return region and organisation of each place in what overlaps, where the call takes one of each (rule 11)."""
    call = application.call
    if call.allows_several_coalitions_per_region and call.allows_several_coalitions_per_organisation:
        return frozenset()
    places = ("coalition__region", "coalition__participations__organisation")
    received = overlapping(application).filter(status__in=RECEIVED_STATUSES)
    return frozenset(received.values_list(*places))


def region_has_several_coalitions() -> Exists:
    """Return, for applications, whether their call received another coalition from the same region (rules 11 and 26)."""
    another = Application.objects.order_by().filter(
        _was_received(), call=OuterRef("call"), coalition__region=OuterRef("coalition__region")
    )
    return Exists(another.exclude(coalition=OuterRef("coalition")))


def organisations_in_several_coalitions(applications: Collection[Application]) -> QuerySet[Organisation]:
    """Return the organisations of these applications that their call received in another coalition too (rules 11 and 26).

    The applications are of one call.
    """
    received = Application.objects.order_by().filter(
        _was_received(), call__in={each.call_id for each in applications}
    )
    another = Participation.objects.order_by().filter(
        organisation=OuterRef("organisation"), coalition__in=received.values("coalition")
    )
    # From the few places of these rows to other places of the same organisations: no other place is looked at.
    places = Participation.objects.filter(coalition__in={each.coalition_id for each in applications})
    found = places.filter(Exists(another.exclude(coalition=OuterRef("coalition"))))
    return Organisation.objects.only("name").filter(pk__in=found.order_by().values("organisation"))


def submitter_of(application: int) -> User | None:
    """Return who submitted an application, if anybody did."""
    return Application.objects.select_related("submitted_by").get(pk=application).submitted_by


def is_withdrawn(reference: str) -> bool:
    """Tell whether the application with this reference was withdrawn."""
    return Application.objects.filter(reference=reference, status=Status.WITHDRAWN).exists()


def every_application() -> QuerySet[Application]:
    """Return all applications, to read what a page shows of rows that a permission selected before."""
    return Application.objects.all()


def reviewers_of(application: Application) -> QuerySet[User]:
    """Return the people who review an application and to whom it is not closed, in the order of their accounts (rule 14)."""
    open_to = ReadingAccess.objects.filter(application=application, revoked_at=None).values("user")
    # An assignment ends with an interest, unless its review was complete.
    kept = Q(completed_at=None) | Q(reviewer__in=open_to)
    assigned = application.assignments.filter(kept, ended_at=None)
    return User.objects.filter(pk__in=assigned.values("reviewer")).order_by("pk")
