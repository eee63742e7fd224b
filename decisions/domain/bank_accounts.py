"""Giving the bank account of a grant, and checking it before it counts (rule 30, Awb 4:89)."""

from datetime import datetime
from unicodedata import normalize

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked
from applications.models import Application
from decisions.account_queries import bank_accounts_in_force, giver_represents
from decisions.domain.ibans import normal_iban
from decisions.domain.mails import queue_bank_account
from decisions.enums import AccountState
from decisions.events import ACCOUNT_ACCEPTED, ACCOUNT_GIVEN, ACCOUNT_SENT_BACK
from decisions.models import BankAccount
from decisions.permissions import may_check_bank_account, may_give_bank_account
from hubportal.accounts.models import User
from hubportal.accounts.queries import is_one_person
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import NewerVersion, check_did_it_oneself, check_shown
from organisations.domain.undisputed import check_undisputed
from reviews.domain.withdrawing import check_reason

# Each is mailed to everybody who answers for the grant.
MAX_ACCOUNTS_A_DAY = 6
LONGEST_HOLDER, LONGEST_REASON = 150, 500


def accounts_shown(application: Application) -> str:
    """Return what tells whether the accounts that wait and count are still those that a page showed."""
    in_force = bank_accounts_in_force(application).values_list("pk", "state")
    return " ".join(f"{pk}:{state}" for pk, state in in_force)


def is_given_by(account: BankAccount, person: User) -> bool:
    """Tell whether a person gave an account, also through another account of a mailbox of theirs (rule 28)."""
    return is_one_person(person, account.given_by)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same but for capitals, accents, spaces and signs between the letters."""
    return _letters_of(one) == _letters_of(other)


def _letters_of(name: str) -> str:
    # Letters and digits alone: an accent is a sign of its own once it is taken apart.
    return "".join(each for each in normalize("NFKD", name).casefold() if each.isalnum())


@transaction.atomic(durable=True)
def give_bank_account(
    *, application_id: int, iban: str, holder: str, shown: str | None, actor: User, at: datetime
) -> BankAccount:
    """Give the account to which a grant is paid; it waits to be checked, in place of one that waits. Idempotent.

    What counts goes on counting until then. Raises ``NotAllowed`` unless the actor is proved to speak for the lead
    organisation of a grant whose letter was sent, ``NewerVersion``, ``TooMuch``, and ``RuleViolation`` for what is no IBAN.
    """
    application = locked(application_id)
    may_give_bank_account.check(actor, application)
    # Else one takes the place of each that a colleague gives.
    check_undisputed(actor, application.coalition.lead_organisation_id)
    number, name = normal_iban(iban), _name_of(holder)
    # The one that waits stands last.
    newest = bank_accounts_in_force(application).last()
    if newest is not None and (newest.iban, newest.holder) == (number, name):
        return newest
    check_shown(accounts_shown(application), shown)
    check_quota(application.bank_accounts.all(), moment="given_at", most=MAX_ACCOUNTS_A_DAY, at=at)
    if newest is not None and newest.state == AccountState.WAITING:
        _move(newest, AccountState.REPLACED)
    account = BankAccount.objects.create(
        application=application, iban=number, holder=name, given_by=actor, given_at=at
    )
    queue_bank_account(account, at=at)
    record(ACCOUNT_GIVEN, subject=account, actor=actor, at=at)
    return account


@transaction.atomic(durable=True)
def accept_bank_account(*, account_id: int, shown: str | None, actor: User, at: datetime) -> BankAccount:
    """Let an account count that waits, in place of the one that counted. Idempotent.

    Raises ``NotAllowed`` unless the actor is another officer to whom the application is open, ``NewerVersion``, and ``RuleViolation`` once who
    gave it does not represent the organisation any more: somebody who took its place for a while gets no grant (rule 27).
    """
    account = _locked(account_id, actor)
    if account.state == AccountState.COUNTS and account.checked_by is not None:
        check_did_it_oneself(account.checked_by, actor)
        return account
    _check_waits(account, shown)
    if not giver_represents(account):
        raise RuleViolation(
            _("Who gave this account does not represent the organisation now, or that is disputed.")
        )
    for counting in account.application.bank_accounts.filter(state=AccountState.COUNTS):
        _move(counting, AccountState.REPLACED)
    account.checked_by, account.checked_at = actor, at
    _move(account, AccountState.COUNTS)
    queue_bank_account(account, at=at)
    record(ACCOUNT_ACCEPTED, subject=account, actor=actor, at=at)
    return account


@transaction.atomic(durable=True)
def send_back_bank_account(
    *, account_id: int, reason: str, shown: str | None, actor: User, at: datetime
) -> BankAccount:
    """Send an account that waits back to who gave it; what counted goes on counting. Idempotent.

    Raises as ``accept_bank_account``, and ``RuleViolation`` without a reason or with one of more than 500 characters.
    """
    account = _locked(account_id, actor)
    if account.state == AccountState.SENT_BACK and account.checked_by is not None:
        check_did_it_oneself(account.checked_by, actor)
        return account
    _check_waits(account, shown)
    account.checked_by, account.checked_at, account.reason = actor, at, _why(reason)
    _move(account, AccountState.SENT_BACK)
    queue_bank_account(account, at=at)
    record(ACCOUNT_SENT_BACK, subject=account, actor=actor, at=at)
    return account


def _locked(account_id: int, actor: User) -> BankAccount:
    # The application first, as every act on it does.
    found = BankAccount.objects.filter(pk=account_id).values("application")
    application = locked(Application.objects.values_list("pk", flat=True).get(pk__in=found))
    may_check_bank_account.check(actor, application)
    account = BankAccount.objects.select_related("given_by").get(pk=account_id)
    account.application = application
    if is_given_by(account, actor):
        raise NotAllowed(_("You gave this account, so a colleague checks it."))
    return account


def _check_waits(account: BankAccount, shown: str | None) -> None:
    if account.state != AccountState.WAITING:
        raise NewerVersion(
            _("Somebody else settled this account, or another one was given. Nothing has been recorded.")
        )
    check_shown(accounts_shown(account.application), shown)


def _name_of(holder: str) -> str:
    name = " ".join(holder.split())
    if not is_filled(name):
        raise RuleViolation(
            _("Fill in in whose name the account stands, as your bank writes it."), field="holder"
        )
    if len(name) > LONGEST_HOLDER:
        raise RuleViolation(_("This name is too long. Shorten it as your bank does."), field="holder")
    return name


def _why(reason: str) -> str:
    why = check_reason(reason)
    if len(why) > LONGEST_REASON:
        raise RuleViolation(
            _("This reason is too long: at most %(most)d characters.") % {"most": LONGEST_REASON},
            field="reason",
        )
    return why


def _move(account: BankAccount, state: AccountState) -> None:
    account.state = state
    account.save(update_fields=["state", "checked_by", "checked_at", "reason"])
