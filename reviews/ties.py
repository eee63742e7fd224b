"""Who is tied to an application, by everything that the portal holds of both (rules 14 and 29)."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.enums import UNDECIDED_STATUSES
from applications.models import Application, ReadingAccess
from coalitions.mailboxes import mailbox
from hubportal.accounts.models import User
from hubportal.accounts.permissions import ASSESSORS
from organisations.models import Representative
from reviews.enums import ReviewStatus
from reviews.models import Affiliation, InterestDeclaration, Review

# Only partners at submission count: a partner that is added afterwards shuts nobody out.
_MEMBERS = Q(coalition__participations__joined_at__lte=F("submitted_at"))
_MEMBER = "coalition__participations__organisation"
_LEAD = "coalition__lead_organisation"
# Addresses that an application holds, each with the organisation that the person stands for.
_ADDRESSES = (
    ("coalition__participations__contact_email", _MEMBER),
    (f"{_MEMBER}__representatives__user__email", _MEMBER),
    ("people__main_applicant_email", "people__main_applicant_organisation"),
    ("people__signatory_email", "people__signatory_organisation"),
    ("people__leader_email", "people__leader_organisation"),
    ("people__saved_by__email", _LEAD),
    ("created_by__email", _LEAD),
    ("coalition__created_by__email", _LEAD),
    ("consents__user__email", "consents__participation__organisation"),
    ("consents__link__email", "consents__participation__organisation"),
    ("signatures__user__email", _LEAD),
    ("signatures__link__email", _LEAD),
)


class Tie(NamedTuple):
    """A person who is tied to an application, and by which of its organisations."""

    application: int
    person: int
    organisation: int


def ties(applications: QuerySet[Application], people: QuerySet[User]) -> set[Tie]:
    """Return the ties between applications and people.

    By an employer or a board seat; by speaking for an organisation, proved or not; and by the mailbox of a contact, of
    a person named, of who wrote it, consented or signed (rule 28).
    """
    return {*_by_position(applications, people), *_by_mailbox(applications, people)}


def _by_position(applications: QuerySet[Application], people: QuerySet[User]) -> Iterator[Tie]:
    held = f"{_MEMBER}__affiliations"
    found = applications.filter(
        _MEMBERS, **{f"{held}__user__in": people.values("pk"), f"{held}__ended_at": None}
    )
    return (Tie(*each) for each in found.order_by().values_list("pk", f"{held}__user", _MEMBER))


def _by_mailbox(applications: QuerySet[Application], people: QuerySet[User]) -> Iterator[Tie]:
    owners: dict[str, list[int]] = {}
    for person, email in people.values_list("pk", "email"):
        owners.setdefault(mailbox(email), []).append(person)
    if owners:
        for application, email, standing_for, lead in _addresses(applications):
            for person in owners.get(mailbox(email), ()):
                yield Tie(application, person, standing_for or lead)


def _addresses(applications: QuerySet[Application]) -> QuerySet[Application, Any]:
    """Return application, address, the organisation that its owner stands for, and the lead organisation."""
    first, *others = (
        applications.filter(_MEMBERS if organisation == _MEMBER else Q(), **{f"{address}__isnull": False})
        .order_by()
        .values_list("pk", address, organisation, _LEAD)
        for address, organisation in _ADDRESSES
    )
    return first.union(*others)


def assessors() -> QuerySet[User]:
    """Return the people whose ties matter: those who judge or handle applications."""
    return User.objects.filter(role_grants__role__in=ASSESSORS.roles).distinct()


def applications_tied_to(user: User, applications: QuerySet[Application]) -> set[int]:
    """Return which of these applications a person is tied to."""
    return {each.application for each in ties(applications, User.objects.filter(pk=user.pk))}


def has_position_in_coalition(person: int | OuterRef | None) -> Q:
    """Return whether a person has an employer, board seat or representation in the coalition of a row's application."""
    member: dict[str, Any] = {
        "organisation__participations__coalition__applications": OuterRef("application"),
        "organisation__participations__joined_at__lte": OuterRef("application__submitted_at"),
    }
    seats = Affiliation.objects.filter(user=person, ended_at=None, **member)
    speaks = Representative.objects.filter(user=person, **member)
    return Q(Exists(seats)) | Q(Exists(speaks))


def readers_tied(applications: QuerySet[Application] | None = None) -> QuerySet[ReadingAccess]:
    """Return the reading access held by people with a tie and no measure on it (rule 14).

    Addresses are compared for these applications, without any for those that are undecided: a job asks every few
    seconds.
    """
    measured = InterestDeclaration.objects.filter(
        application=OuterRef("application"), user=OuterRef("user"), replaced_at=None
    ).exclude(measure="")
    held = ReadingAccess.objects.filter(~Exists(measured), revoked_at=None)
    if applications is None:
        applications = Application.objects.filter(status__in=UNDECIDED_STATUSES)
    readers = User.objects.filter(pk__in=held.values("user"))
    by_mailbox = matching(
        held, _by_mailbox(applications.filter(pk__in=held.values("application")), readers), person="user"
    )
    return held.filter(has_position_in_coalition(OuterRef("user")) | Q(pk__in=by_mailbox))


def matching(rows: QuerySet[Any], found: Iterator[Tie] | Collection[Tie], *, person: str) -> list[int]:
    """Return the keys of the rows of an application and a person (in this field) who are tied."""
    tied = {(each.application, each.person) for each in found}
    among = rows.filter(application__in={each for each, _one in tied})
    return [
        key
        for key, application, one in among.values_list("pk", "application_id", f"{person}_id")
        if (application, one) in tied
    ]


def barred_from_reviewing(applications: Collection[int]) -> list[tuple[int, int]]:
    """Return pairs of an application and a person who may not review it (rules 15 and 16).

    By an interest that was declared or follows from data, or since the person could read others' reviews of it in
    another role.
    """
    interests = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None)
    declared = interests.filter(application__in=applications)
    judged = Review.objects.filter(assignment__application__in=applications, status=ReviewStatus.COMPLETE)
    readers = ReadingAccess.objects.filter(application__in=judged.values("assignment__application"))
    tied = ties(Application.objects.filter(pk__in=applications), assessors())
    return [
        *declared.values_list("application_id", "user_id"),
        *readers.values_list("application_id", "user_id"),
        *((each.application, each.person) for each in tied),
    ]
