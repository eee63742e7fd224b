"""Who is tied to an application, by everything that the portal holds of both (rules 14 and 29)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from applications.enums import UNDECIDED_STATUSES
from applications.models import Application, ReadingAccess
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.accounts.permissions import ASSESSORS
from hubportal.accounts.queries import addresses_of
from hubportal.kernel.mailboxes import mailbox
from organisations.models import Representative
from reviews.enums import ReviewStatus, TieKind
from reviews.models import Affiliation, Assignment, CoveredTie, InterestDeclaration, Review

# Only partners at submission count: a partner that is added afterwards shuts nobody out. Of a draft all do.
_MEMBERS = Q(submitted_at=None) | Q(coalition__participations__joined_at__lte=F("submitted_at"))
_MEMBER = "coalition__participations__organisation"
_LEAD = "coalition__lead_organisation"
_NUMBER, _ON_MAP = f"{_MEMBER}__kvk_number", f"{_MEMBER}__sort_name"
# What the map goes on with, once two rows of it were one or one got another number.
_NOW_AS, _NUMBER_NOW = f"{_MEMBER}__now_as", f"{_MEMBER}__now_as__kvk_number"
_STATED = "coalition__participations__stated_sort_name"
# Addresses that an application holds, each with the organisation that the person stands for.
_ADDRESSES = (
    ("coalition__participations__contact_email", _MEMBER),
    (f"{_MEMBER}__representatives__user__email", _MEMBER),
    ("people__main_applicant_email", "people__main_applicant_organisation"),
    ("people__signatory_email", "people__signatory_organisation"),
    ("people__leader_email", "people__leader_organisation"),
    ("writers__user__email", _LEAD),
    ("coalition__created_by__email", _LEAD),
    ("collaborators__user__email", "collaborators__participation__organisation"),
    ("consents__user__email", "consents__participation__organisation"),
    ("consents__link__email", "consents__participation__organisation"),
    ("signatures__user__email", _LEAD),
    ("signatures__link__email", _LEAD),
)


class Tie(NamedTuple):
    """A person who is tied to an application, by which of its organisations, and how (``TieKind``)."""

    application: int
    person: int
    organisation: int
    kind: str


def ties(applications: QuerySet[Application], people: QuerySet[User]) -> set[Tie]:
    """Return the ties between applications and people.

    By an employer or a board seat; by speaking for an organisation, proved or not; and by the mailbox of a contact, of
    a person named, of who wrote it, consented or signed (rule 28). Of the person, by every address that they confirmed.
    """
    return {*_by_position(applications, people), *_by_mailbox(applications, people)}


def _by_position(applications: QuerySet[Application], people: QuerySet[User]) -> Iterator[Tie]:
    """Yield ties by positions that any account of a person's mailbox noted.

    By the organisation, also under what the map goes on with; by the number where the portal did not know it when it was
    recorded; of those abroad, which have none, by their name, on the map and as the coalition names it.
    """
    owners = _by_their_mailbox(people.order_by().values_list("pk", "mailbox"))
    noted = Affiliation.objects.filter(user__mailbox__in=[each for each in owners if each], ended_at=None)
    held: dict[str, dict[Any, list[tuple[int, str]]]] = {}
    fields = ("organisation", "organisation__now_as", "kvk_number", "sort_name", "user__mailbox", "kind")
    for organisation, now_as, number, name, box, kind in noted.values_list(*fields):
        if organisation is not None:
            places = [(_MEMBER, organisation), (_NOW_AS, organisation), (_MEMBER, now_as), (_NOW_AS, now_as)]
        elif number:
            places = [(_NUMBER, number), (_NUMBER_NOW, number)]
        else:
            places = [(_ON_MAP, name), (_STATED, name)]
        for field, key in places:
            if key is not None:
                held.setdefault(field, {}).setdefault(key, []).extend((each, kind) for each in owners[box])
    for field, holders in held.items():
        found = applications.filter(_MEMBERS, **{f"{field}__in": holders}).order_by()
        for application, member, key in found.values_list("pk", _MEMBER, field):
            for person, kind in holders[key]:
                yield Tie(application, person, member, kind)


def _by_mailbox(applications: QuerySet[Application], people: QuerySet[User]) -> Iterator[Tie]:
    owners = _by_their_mailbox((person, mailbox(email)) for person, email in addresses_of(people))
    if owners:
        for application, email, standing_for, lead, kind in _addresses(applications):
            for person in owners.get(mailbox(email), ()):
                yield Tie(application, person, standing_for or lead, kind)


def _by_their_mailbox(people: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Return who has each mailbox, of pairs of a person and a mailbox."""
    owners: dict[str, list[int]] = {}
    for person, box in people:
        owners.setdefault(box, []).append(person)
    return owners


def _addresses(applications: QuerySet[Application]) -> QuerySet[Application, Any]:
    """Return application, address, the organisation that its owner stands for, the lead organisation and how."""
    first, *others = (
        applications.filter(_MEMBERS if organisation == _MEMBER else Q(), **{f"{address}__isnull": False})
        .order_by()
        .values_list("pk", address, organisation, _LEAD, Value(_kind_of(address)))
        for address, organisation in _ADDRESSES
    )
    return first.union(*others)


def _kind_of(address: str) -> str:
    return TieKind.SPEAKS if "representatives" in address else TieKind.NAMED


def ties_of(user: User, application: Application) -> set[Tie]:
    """Return the ties of one person to one application."""
    return ties(Application.objects.filter(pk=application.pk), User.objects.filter(pk=user.pk))


def ties_in_short(found: Collection[Tie]) -> str:
    """Return the ties of one person to one application as a page sends back what it showed."""
    return ",".join(sorted(f"{each.organisation}:{each.kind}" for each in found))


def ties_shown(found: Collection[Tie]) -> list[tuple[str, str]]:
    """Return the ties of one person as they are shown: the organisation as the application names it, and how, in words."""
    places = Participation.objects.filter(
        coalition__applications__in={each.application for each in found},
        organisation__in={each.organisation for each in found},
    )
    names = {
        (application, organisation): name
        for application, organisation, name in places.values_list(
            "coalition__applications", "organisation", "stated_name"
        )
    }
    return sorted(
        (names[each.application, each.organisation], str(TieKind(each.kind).label)) for each in found
    )


def earlier_measures(declaration: InterestDeclaration) -> QuerySet[InterestDeclaration]:
    """Return the measures on what the person declared before, or came to be tied by, on the same application."""
    before = InterestDeclaration.objects.filter(
        application=declaration.application_id, user=declaration.user_id
    )
    return (
        before.exclude(measure="")
        .exclude(pk=declaration.pk)
        .select_related("measure_by")
        .order_by("measure_at", "pk")
    )


def uncovered(found: Collection[Tie]) -> set[Tie]:
    """Return the ties that no measure covers: those that came after it too (rules 14 and 29)."""
    if not found:
        return set()
    covered = CoveredTie.objects.filter(
        declaration__application__in={each.application for each in found}, declaration__replaced_at=None
    )
    known = covered.values_list(
        "declaration__application_id", "declaration__user_id", "organisation_id", "kind"
    )
    return set(found) - {Tie(*each) for each in known}


def assessors() -> QuerySet[User]:
    """Return the people whose ties matter: those who judge or handle applications."""
    return User.objects.filter(role_grants__role__in=ASSESSORS.roles).distinct()


def applications_tied_to(people: QuerySet[User], applications: QuerySet[Application]) -> set[int]:
    """Return to which of these applications one of these people is tied, without a measure that covers it."""
    return {each.application for each in uncovered(ties(applications, people))}


def has_position_in_coalition() -> Q:
    """Return whether the person of a row has an employer, board seat or representation in the coalition of its application."""
    members = Participation.objects.filter(
        coalition__applications=OuterRef(OuterRef("application")),
        joined_at__lte=OuterRef(OuterRef("application__submitted_at")),
    )
    at_member = Q(organisation__in=members.values("organisation"))
    moved = members.filter(organisation__now_as__isnull=False)
    at_member_now = Q(organisation__now_as__in=members.values("organisation")) | Q(
        organisation__in=moved.values("organisation__now_as")
    )
    has_number = Q(kvk_number__in=members.values("organisation__kvk_number")) | Q(
        kvk_number__in=moved.values("organisation__now_as__kvk_number")
    )
    by_number = Q(has_number, kvk_number__gt="")
    named = Q(sort_name__in=members.values("organisation__sort_name")) | Q(
        sort_name__in=members.values("stated_sort_name")
    )
    by_name = Q(sort_name__gt="") & named
    own = {"user__mailbox": OuterRef("user__mailbox")}
    seats = Affiliation.objects.filter(at_member | at_member_now | by_number | by_name, ended_at=None, **own)
    speaks = Representative.objects.filter(at_member, **own)
    return Q(Exists(seats)) | Q(Exists(speaks))


def readers_tied(applications: QuerySet[Application] | None = None) -> QuerySet[ReadingAccess]:
    """Return the reading access held by people with a tie that no measure covers (rule 14).

    Addresses are compared for these applications, without any for those that are undecided: a job asks every few
    seconds.
    """
    measured = Exists(
        InterestDeclaration.objects.filter(
            application=OuterRef("application"), user=OuterRef("user"), replaced_at=None
        ).exclude(measure="")
    )
    if applications is None:
        applications = Application.objects.filter(status__in=UNDECIDED_STATUSES)
    held = ReadingAccess.objects.filter(revoked_at=None)
    without = held.filter(~measured)
    readers = User.objects.filter(pk__in=without.values("user"))
    by_mailbox = matching(
        without,
        _by_mailbox(applications.filter(pk__in=without.values("application")), readers),
        person="user",
    )
    by_position = ~measured & has_position_in_coalition()
    return held.filter(by_position | Q(pk__in=[*by_mailbox, *_tied_again(held.filter(measured))]))


def _tied_again(held: QuerySet[ReadingAccess]) -> list[int]:
    """Return which of the reading access that a measure opened is of people with a tie that came after it."""
    pairs = set(held.values_list("application_id", "user_id"))
    if not pairs:
        return []
    applications = Application.objects.filter(pk__in={each for each, _one in pairs})
    people = User.objects.filter(pk__in={one for _each, one in pairs})
    return matching(held, uncovered(ties(applications, people)), person="user")


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
    another role; and where another account of their mailbox is barred, or was assigned.
    """
    interests = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None)
    declared = interests.filter(application__in=applications)
    # Also what was taken back: it was there to be read.
    once_complete = Q(status=ReviewStatus.COMPLETE) | Q(withdrawals__isnull=False)
    judged = Review.objects.filter(once_complete, assignment__application__in=applications)
    readers = ReadingAccess.objects.filter(application__in=judged.values("assignment__application"))
    tied = ties(Application.objects.filter(pk__in=applications), assessors())
    barred = {
        *declared.values_list("application_id", "user_id"),
        *readers.values_list("application_id", "user_id"),
        *((each.application, each.person) for each in tied),
    }
    held = Assignment.objects.filter(application__in=applications).values_list(
        "application_id", "reviewer_id"
    )
    return [*barred, *_under_another_account({*barred, *held})]


def _under_another_account(pairs: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of an application and a person once more for each other account of that person's mailbox (rule 28)."""
    these = User.objects.filter(pk__in={person for _application, person in pairs})
    owners = _by_their_mailbox(
        User.objects.filter(mailbox__in=these.values("mailbox")).values_list("pk", "mailbox")
    )
    beside = {each: people for box, people in owners.items() if box for each in people}
    for application, person in pairs:
        yield from ((application, each) for each in beside.get(person, ()) if each != person)
