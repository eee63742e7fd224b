"""Giving the bank account of a grant, and checking it before it counts (rule 30, Awb 4:89)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked
from applications.models import Application
from coalitions.mailboxes import mailbox
from decisions.domain.ibans import normal_iban
from decisions.domain.mails import queue_bank_account
from decisions.enums import AccountState
from decisions.events import ACCOUNT_ACCEPTED, ACCOUNT_GIVEN, ACCOUNT_SENT_BACK
from decisions.models import BankAccount
from decisions.permissions import may_check_bank_account, may_give_bank_account
from decisions.queries import bank_accounts_in_force
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import check_shown
from reviews.domain.withdrawing import check_reason


def accounts_shown(application: Application) -> str:
    """Return what tells whether the accounts that wait and count are still those that a page showed."""
    in_force = bank_accounts_in_force(application).values_list("pk", "state")
    return " ".join(f"{pk}:{state}" for pk, state in in_force)


@transaction.atomic(durable=True)
def give_bank_account(
    *, application_id: int, iban: str, holder: str, shown: str | None, actor: User, at: datetime
) -> BankAccount:
    """Give the account to which a grant is paid; it waits to be checked, in place of one that waits. Idempotent.

    What counts goes on counting until then. Raises ``NotAllowed`` unless the actor is proved to speak for the lead
    organisation of a grant whose letter was sent, ``NewerVersion``, and ``RuleViolation`` for what is no IBAN.
    """
    application = locked(application_id)
    may_give_bank_account.check(actor, application)
    number, name = normal_iban(iban), " ".join(holder.split())
    if not name:
        raise RuleViolation(_("Fill in in whose name the account stands, as your bank writes it."))
    # The one that waits stands last.
    newest = bank_accounts_in_force(application).last()
    if newest is not None and (newest.iban, newest.holder) == (number, name):
        return newest
    check_shown(accounts_shown(application), shown)
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

    Raises ``NotAllowed`` unless the actor is another officer to whom the application is open, and ``NewerVersion``.
    """
    account = _locked(account_id, actor)
    if account.state == AccountState.COUNTS:
        return account
    check_shown(accounts_shown(account.application), _shown_of(account, shown))
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

    Raises as ``accept_bank_account``, and ``RuleViolation`` without a reason.
    """
    account = _locked(account_id, actor)
    if account.state == AccountState.SENT_BACK:
        return account
    check_shown(accounts_shown(account.application), _shown_of(account, shown))
    account.checked_by, account.checked_at, account.reason = actor, at, check_reason(reason)
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
    if mailbox(actor.email) == mailbox(account.given_by.email):
        raise NotAllowed(_("You gave this account, so a colleague checks it."))
    return account


def _shown_of(account: BankAccount, shown: str | None) -> str | None:
    """Return what was shown; one that no longer waits was shown as something else, whatever the page says."""
    return shown if account.state == AccountState.WAITING else ""


def _move(account: BankAccount, state: AccountState) -> None:
    account.state = state
    account.save(update_fields=["state", "checked_by", "checked_at", "reason"])
