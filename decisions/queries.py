"""Reads of decisions and letters."""

from django.db.models import Count, F, Q, QuerySet

from applications.enums import RECEIVED_STATUSES, Status
from applications.models import Application
from applications.queries import readable_by, visible_to_applicants
from calls.models import ReviewRound
from decisions.enums import LetterState
from decisions.models import Decision, DecisionLetter
from hubportal.accounts.enums import Role
from hubportal.accounts.permissions import Person
from hubportal.mail.enums import MailStatus
from reviews.queries import undeclared_by


def letters_to_produce() -> QuerySet[DecisionLetter]:
    """Return the released letters that are not made yet, oldest first."""
    return DecisionLetter.objects.filter(document=None).order_by("released_at", "pk")


def letters_being_sent() -> QuerySet[DecisionLetter]:
    """Return the letters whose moment of sending is not fixed yet."""
    return DecisionLetter.objects.filter(sent_at=None, mail__isnull=False).select_related(
        "mail", "decision__application__call"
    )


def awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return the advised applications on which this officer can decide."""
    return _undecided(readable_by(user), user)


def undeclared_awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return what ``awaiting_decision`` keeps back until this officer has declared interests."""
    return _undecided(undeclared_by(user), user)


def _undecided(applications: QuerySet[Application], user: Person) -> QuerySet[Application]:
    if not (user.is_authenticated and user.has_role(Role.OFFICER)):
        return Application.objects.none()
    return applications.filter(status=Status.ADVISED, decision=None)


def awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return the decisions whose letter this person can release: recorded by somebody else."""
    return _unreleased(readable_by(user), user)


def undeclared_awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return what ``awaiting_release`` keeps back until this releaser has declared interests."""
    return _unreleased(undeclared_by(user), user)


def _unreleased(applications: QuerySet[Application], user: Person) -> QuerySet[Decision]:
    if not (user.is_authenticated and user.has_role(Role.RELEASER)):
        return Decision.objects.none()
    waiting = Decision.objects.filter(letter=None, application__in=applications.values("pk"))
    return waiting.exclude(recorded_by=user)


def letters_visible_to(user: Person) -> QuerySet[DecisionLetter]:
    """Return the letters that a person may open: as applicant or partner, or by a row as assessor."""
    produced = DecisionLetter.objects.filter(document__isnull=False)
    mine = produced.filter(decision__application__in=visible_to_applicants(user).values("pk"))
    handled = produced.filter(decision__application__in=readable_by(user).values("pk"))
    return produced.filter(pk__in=mine.values("pk").union(handled.values("pk")))


def decisions_visible_to(user: Person) -> QuerySet[Decision]:
    """Return the decisions that an assessor may see: of applications that a row opens."""
    return Decision.objects.filter(application__in=readable_by(user).values("pk"))


def in_state(decisions: QuerySet[Decision], state: LetterState) -> QuerySet[Decision]:
    """Return the decisions whose letter is in a state."""
    troubled = Q(letter__mail__status__in=[MailStatus.FAILED, MailStatus.UNCERTAIN])
    unsent = Q(letter__document__isnull=False, letter__sent_at=None)
    conditions = {
        LetterState.WAITING: Q(letter=None),
        LetterState.RELEASED: Q(letter__isnull=False, letter__document=None),
        LetterState.MADE: unsent & ~troubled,
        LetterState.TROUBLE: unsent & troubled,
        LetterState.SENT: Q(letter__sent_at__isnull=False),
    }
    return decisions.filter(conditions[state])


def state_of_letter(decision: Decision) -> LetterState:
    """Return how far the letter of a decision is."""
    letter = getattr(decision, "letter", None)
    if letter is None:
        return LetterState.WAITING
    if letter.document_id is None:
        return LetterState.RELEASED
    if letter.sent_at is not None:
        return LetterState.SENT
    is_troubled = letter.mail.status in {MailStatus.FAILED, MailStatus.UNCERTAIN}
    return LetterState.TROUBLE if is_troubled else LetterState.MADE


def rounds_with_counts() -> QuerySet[ReviewRound]:
    """Return the rounds with how many applications came how far: ``submitted`` to ``sent``."""
    received = Q(applications__status__in=RECEIVED_STATUSES)
    return ReviewRound.objects.annotate(
        submitted=Count("applications", received),
        sealed=Count("applications__seal"),
        advised=Count("applications__advice"),
        decided=Count("applications__decision"),
        letters=Count("applications__decision__letter__document"),
        sent=Count(
            "applications__decision__letter", Q(applications__decision__letter__sent_at__isnull=False)
        ),
        left=F("ceiling") - F("granted_total"),
    ).order_by("number")
