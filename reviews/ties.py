"""Who is tied to an application, by everything that the portal holds of both (rules 14 and 29)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.crypto import salted_hmac

from applications.enums import OPEN_STATUSES, UNDECIDED_STATUSES, Status
from applications.models import Application, ReadingAccess
from coalitions.models import Participation
from hubportal.accounts.models import KnownAddress, User
from hubportal.accounts.permissions import ASSESSORS
from hubportal.accounts.queries import owners_of_mailboxes
from hubportal.kernel.mailboxes import mailbox
from organisations.models import Representative
from reviews.enums import TieKind
from reviews.models import Affiliation, Assignment, CoveredTie, InterestDeclaration
from reviews.taking_part import takes_part

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
    ("steerers__user__email", _LEAD),
    ("steerers__mailbox", _LEAD),
    ("coalition__created_by__email", _LEAD),
    ("collaborators__user__email", "collaborators__participation__organisation"),
    ("consents__user__email", "consents__participation__organisation"),
    ("consents__reader__email", "consents__participation__organisation"),
    ("consents__link__email", "consents__participation__organisation"),
    ("signatures__user__email", _LEAD),
    ("signatures__link__email", _LEAD),
)


class Tie(NamedTuple):
    """A person who is tied to an application, by which of its organisations, and how (``TieKind``); of a rival, by which application of theirs."""

    application: int
    person: int
    organisation: int
    kind: str
    rival: int | None = None


def ties(applications: QuerySet[Application], people: QuerySet[User]) -> set[Tie]:
    """Return the ties between applications and people.

    By an employer or a board seat; by speaking for an organisation, proved or not; and by the mailbox of a contact, of
    a person named, of who wrote it, consented or signed (rule 28). Of the person, by every address that they confirmed.
    By taking part in another application of its call, while neither is decided: then the organisation is the lead of that
    other one, which is told to nobody.
    """
    owners = owners_of_mailboxes(people)
    return {
        *_by_position(applications, owners),
        *_by_mailbox(applications, owners),
        *_by_taking_part(applications, owners),
    }


def _by_position(applications: QuerySet[Application], owners: Mapping[str, list[int]]) -> Iterator[Tie]:
    """Yield ties by positions that any account of a person noted.

    By the organisation, also under what the map goes on with; by the number where the portal did not know it when it was
    recorded; of those abroad, which have none, by their name, on the map and as the coalition names it.
    """
    noted = Affiliation.objects.filter(user__mailbox__in=list(owners), ended_at=None)
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


def _by_mailbox(applications: QuerySet[Application], owners: Mapping[str, list[int]]) -> Iterator[Tie]:
    if owners:
        for application, email, standing_for, lead, kind in _addresses(applications):
            for person in owners.get(mailbox(email), ()):
                yield Tie(application, person, standing_for or lead, kind)


def _by_taking_part(applications: QuerySet[Application], owners: Mapping[str, list[int]]) -> Iterator[Tie]:
    """Yield ties to every undecided application of a call in which somebody takes part with another one, not decided or withdrawn."""
    joined: dict[int, dict[int, set[tuple[int, int]]]] = {}
    calls = applications.order_by().values("call")
    # What was withdrawn too: it can be put back, once somebody decided on its rivals.
    theirs = Application.objects.filter(status__in=OPEN_STATUSES | {Status.WITHDRAWN}, call__in=calls)
    for call, own, lead, email in takes_part(list(owners), theirs) if owners else ():
        for person in owners.get(mailbox(email), ()):
            joined.setdefault(call, {}).setdefault(person, set()).add((own, lead))
    if joined:
        rivals = applications.filter(call__in=joined, status__in=OPEN_STATUSES).order_by()
        for application, call in rivals.values_list("pk", "call_id"):
            for person, elsewhere in joined[call].items():
                # A measure on one rival does not cover the next, of the same lead either.
                yield from (
                    Tie(application, person, lead, TieKind.RIVAL, own)
                    for own, lead in elsewhere
                    if own != application
                )


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
    """Return the ties of one person to one application as a page sends back what it showed.

    Keyed: by which other application somebody is tied, the page does not tell (rule 26).
    """
    shown = ",".join(sorted(f"{each.organisation}:{each.kind}:{each.rival or ''}" for each in found))
    return salted_hmac("reviews.ties", shown, algorithm="sha256").hexdigest() if shown else ""


def ties_shown(found: Collection[Tie]) -> list[tuple[str, str]]:
    """Return the ties of one person as they are shown: the organisation as the application names it, and how, in words.

    Of a rival no organisation: how says it all.
    """
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
    shown = {
        (
            names[each.application, each.organisation] if each.kind != TieKind.RIVAL else "",
            str(TieKind(each.kind).label),
        )
        for each in found
    }
    return sorted(shown)


def uncovered(found: Collection[Tie]) -> set[Tie]:
    """Return the ties that no measure covers: those that came after it too (rules 14 and 29)."""
    if not found:
        return set()
    covered = CoveredTie.objects.filter(
        declaration__application__in={each.application for each in found}, declaration__replaced_at=None
    )
    known = covered.values_list(
        "declaration__application_id", "declaration__user_id", "organisation_id", "kind", "rival_id"
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
    known = KnownAddress.objects.filter(user=OuterRef(OuterRef("user"))).values("mailbox")
    own = {"user__known_addresses__mailbox__in": known}
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
    owners = owners_of_mailboxes(User.objects.filter(pk__in=without.values("user")))
    read = applications.filter(pk__in=without.values("application"))
    tied = [*_by_mailbox(read, owners), *_by_taking_part(read, owners)]
    named = matching(without, tied, person="user")
    by_position = ~measured & has_position_in_coalition()
    return held.filter(by_position | Q(pk__in=[*named, *_tied_again(held.filter(measured))]))


def assignments_tied(applications: QuerySet[Application]) -> QuerySet[Assignment]:
    """Return the work that waits for who is tied to these applications and declared nothing on them: they read nothing yet (rule 15)."""
    declared = InterestDeclaration.objects.filter(
        application=OuterRef("application"), user=OuterRef("reviewer"), replaced_at=None
    )
    waiting = Assignment.objects.filter(~Exists(declared), application__in=applications, ended_at=None)
    people = User.objects.filter(pk__in=waiting.order_by().values("reviewer"))
    judged = Application.objects.filter(pk__in=waiting.order_by().values("application"))
    return waiting.filter(pk__in=matching(waiting, ties(judged, people), person="reviewer"))


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
