"""Reads of the bank accounts of grants: who may give and check them, what waits, and what became of them (Awb 4:89)."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from applications.enums import Status
from applications.models import Application
from applications.queries import readable_as, represented_by
from calls.enums import Outcome
from decisions.enums import AccountState, LetterOfDecision
from decisions.models import BankAccount
from hubportal.accounts.permissions import OFFICERS, Person
from letters.models import Letter
from organisations.models import Representative
from organisations.queries import proved_representatives
from reviews.queries import undeclared_by

LETTERS_OF_GRANTS = [LetterOfDecision.GRANTED, LetterOfDecision.PARTLY_GRANTED]
_IN_FORCE = [AccountState.COUNTS, AccountState.WAITING]


def _granted(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return the grants among applications of which a letter was sent."""
    sent = Letter.objects.filter(
        about=OuterRef("reference"), text__kind__key__in=LETTERS_OF_GRANTS, sent_at__isnull=False
    )
    return applications.filter(Exists(sent), decision__outcome=Outcome.GRANTED)


def grants_of(person: Person) -> QuerySet[Application]:
    """Return the grants whose letter was sent to an organisation that the person speaks for (rule 27)."""
    return _granted(represented_by(person))


def grants_come_back(person: Person) -> QuerySet[Application]:
    """Return the grants of an organisation that the person speaks for whose letter is back: none of it counts as sent now.

    They were told before, so nothing is told by naming them (rule 26).
    """
    back = Letter.objects.filter(
        about=OuterRef("reference"),
        text__kind__key__in=LETTERS_OF_GRANTS,
        sent_at=None,
        times_bounced__gt=0,
        superseded_by=None,
    )
    told = represented_by(person).filter(status=Status.GRANTED, decision__outcome=Outcome.GRANTED)
    return told.filter(Exists(back)).exclude(pk__in=grants_of(person).values("pk"))


def grants_without_account(person: Person) -> QuerySet[Application]:
    """Return the grants for which this person can give an account, and none counts or waits."""
    in_force = BankAccount.objects.filter(application=OuterRef("pk"), state__in=_IN_FORCE)
    return grants_of(person).filter(~Exists(in_force)).order_by("pk")


def grants_checked_by(person: Person) -> QuerySet[Application]:
    """Return the grants whose account this officer can check: open to them, and not of an organisation of theirs."""
    # Whoever speaks for the organisation that is paid does not check where the money goes.
    others = readable_as(OFFICERS)(person).exclude(pk__in=represented_by(person).values("pk"))
    return _granted(others)


def giver_represents(account: BankAccount) -> bool:
    """Tell whether who gave an account speaks for the organisation that is paid now, undisputed (rule 27)."""
    paid = Application.objects.filter(pk=account.application_id).values("coalition__lead_organisation")
    return _undisputed().filter(user=account.given_by_id, organisation__in=paid).exists()


def _undisputed() -> QuerySet[Representative]:
    return proved_representatives().filter(contested_at=None)


def bank_accounts_for(user: Person, state: AccountState) -> QuerySet[BankAccount]:
    """Return the accounts in a state of the grants that this officer can check, what was given longest ago in front."""
    opened = grants_checked_by(user).order_by().values("pk")
    return BankAccount.objects.filter(state=state, application__in=opened).order_by("given_at", "pk")


def undeclared_bank_accounts(user: Person) -> QuerySet[BankAccount]:
    """Return the accounts to check that are hidden until this officer has declared interests."""
    waiting = BankAccount.objects.filter(state=AccountState.WAITING)
    if not OFFICERS.includes(user):
        return waiting.none()
    return waiting.filter(application__in=_granted(undeclared_by(user)).order_by().values("pk"))


def bank_accounts_waiting(user: Person) -> dict[str, int]:
    """Return how many accounts an officer can check, and how many are hidden until they declared interests, in one query."""
    to_check = bank_accounts_for(user, AccountState.WAITING).order_by().values("pk")
    hidden = undeclared_bank_accounts(user).order_by().values("pk")
    return BankAccount.objects.filter(state=AccountState.WAITING).aggregate(
        to_check=Count("pk", filter=Q(pk__in=to_check)), undeclared=Count("pk", filter=Q(pk__in=hidden))
    )


def bank_accounts_shown() -> QuerySet[BankAccount]:
    """Return accounts with what a list shows of them, and whether who gave one represents who is paid (``is_givers``)."""
    shown = BankAccount.objects.select_related("application__coalition", "given_by", "checked_by")
    speaks = _undisputed().filter(
        user=OuterRef("given_by"), organisation=OuterRef("application__coalition__lead_organisation")
    )
    return shown.annotate(is_givers=Exists(speaks))


def bank_accounts_of(application: Application) -> QuerySet[BankAccount]:
    """Return every account that was given for a grant, the latest in front."""
    given = BankAccount.objects.filter(application=application)
    return given.select_related("given_by", "checked_by").order_by("-pk")


def bank_accounts_in_force(application: Application) -> QuerySet[BankAccount]:
    """Return the account that counts for a grant and the one that waits to be checked, which comes last."""
    return BankAccount.objects.filter(application=application, state__in=_IN_FORCE).order_by("state", "pk")


def bank_accounts_in_force_by_state(application: Application) -> dict[str, BankAccount]:
    """Return the account of a grant that counts and the one that waits, by state.

    Asked by itself: among those that a page lists, others that were given since may have pushed it off.
    """
    in_force = bank_accounts_in_force(application).select_related("given_by", "checked_by")
    return {each.state: each for each in in_force}
