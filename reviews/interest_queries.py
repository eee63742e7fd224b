"""Reads of interests that wait for a measure, and of positions elsewhere (rules 14 and 29)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import UNDECIDED_STATUSES
from applications.models import Application
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, CHAIRS, Person
from hubportal.accounts.queries import accounts_of, active_in_role, active_with_roles
from reviews.models import Affiliation, InterestDeclaration
from reviews.taking_part import takes_part_now
from reviews.ties import applications_tied_to


def interests_measurable_by(user: Person) -> QuerySet[InterestDeclaration]:
    """Return the interests on which this person can record a measure (rule 14).

    The deputy settles those of the chair, all on an application in which the chair has an interest or a tie, and every
    one while nobody who can log in is chair: a round that goes on needs somebody who does.
    """
    if not CHAIRS.includes(user):
        return InterestDeclaration.objects.none()
    closing = InterestDeclaration.objects.filter(
        application=OuterRef("application"), has_interest=True, replaced_at=None, measure=""
    )
    there = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None)
    there = there.exclude(user__in=accounts_of(user).values("pk"))
    applications = Application.objects.filter(pk__in=there.values("application"))
    tied = applications_tied_to(User.objects.filter(pk=user.pk), applications)
    free = there.filter(~Exists(closing.filter(user=user))).exclude(application__in=tied)
    of_chairs = Q(user__role_grants__role=Role.CHAIR)
    if user.has_role(Role.CHAIR):
        return free.exclude(pk__in=free.filter(of_chairs).values("pk"))
    # The chair is out by an interest, or by a tie that follows from data though nothing was declared yet.
    chairs = active_in_role(Role.CHAIR)
    tied_chair = applications_tied_to(chairs, applications)
    without_chair = Q(Exists(closing.filter(of_chairs))) | Q(application__in=tied_chair) | ~Exists(chairs)
    return free.filter(Q(pk__in=free.filter(of_chairs).values("pk")) | without_chair)


def interests_of_other_accounts(user: User, application: Application) -> QuerySet[InterestDeclaration]:
    """Return the interests without a measure that other accounts of a person's mailbox have in an application (rule 28)."""
    counting = InterestDeclaration.objects.filter(
        application=application, has_interest=True, replaced_at=None, measure=""
    )
    return counting.filter(user__in=accounts_of(user).values("pk")).exclude(user=user).order_by("pk")


def interests_without_measure(user: Person) -> QuerySet[InterestDeclaration]:
    """Return the interests without a measure on which this chair or deputy can record one."""
    return interests_measurable_by(user).filter(measure="")


def interests_to_settle(user: Person) -> QuerySet[InterestDeclaration]:
    """Return the interests that wait for this chair or deputy: without a measure, and not put aside."""
    return interests_without_measure(user).filter(put_aside_at=None)


def number_nobody_settles() -> int:
    """Return how many interests wait on what is undecided while chair and deputy all have one there too: somebody else has to get the role."""
    waiting = InterestDeclaration.objects.filter(
        has_interest=True,
        replaced_at=None,
        measure="",
        put_aside_at=None,
        application__status__in=UNDECIDED_STATUSES,
    )
    if not waiting.exists():
        return 0
    for each in active_with_roles(CHAIRS.roles).order_by("pk"):
        waiting = waiting.exclude(pk__in=interests_to_settle(each).values("pk"))
    return waiting.count()


def people_noted_by(user: Person) -> QuerySet[User]:
    """Return the people whose employers and seats a person may note: oneself, and anybody for an administrator who takes part in no call.

    A position takes a reviewer away from a rival (rules 14 and 29).
    """
    if ADMINISTRATORS.includes(user) and not takes_part_now(user):
        return User.objects.all()
    return User.objects.filter(pk=user.pk) if user.is_authenticated else User.objects.none()


def endable_by(user: Person) -> QuerySet[Affiliation]:
    """Return the positions that a person may end: an administrator who takes part in no call those of others, nobody their own."""
    if not ADMINISTRATORS.includes(user) or takes_part_now(user):
        return Affiliation.objects.none()
    return Affiliation.objects.exclude(user__in=accounts_of(user).values("pk"))


def positions_of(user: User) -> QuerySet[Affiliation]:
    """Return the employers and board seats that were noted of a person, as they came."""
    return Affiliation.objects.filter(user=user).order_by("noted_at", "pk")


def interest_held(*, application: str, user: str, at: str) -> Exists:
    """Return, for rows that name an application, a person and a moment, whether they had an interest that nothing opened then.

    The arguments are the names of these fields on the rows that are asked about (rule 29).
    """
    held = InterestDeclaration.objects.filter(
        application=OuterRef(application),
        user=OuterRef(user),
        has_interest=True,
        declared_at__lte=OuterRef(at),
    )
    counted = Q(replaced_at=None) | Q(replaced_at__gt=OuterRef(at))
    return Exists(held.filter(counted, Q(measure_at=None) | Q(measure_at__gt=OuterRef(at))))


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
