"""Grants that were told, and the accounts that are given for them, by the portal's own acts."""

from datetime import timedelta
from typing import Any

from decisions.domain.bank_accounts import accept_bank_account, give_bank_account, send_back_bank_account
from decisions.models import BankAccount
from hubportal.mail.domain.sending import send_due_mails
from letters.domain.producing import fix_moment_of_sending
from organisations.queries import people_who_speak_for
from tests.factories.remembering import remembered
from tests.factories.scenarios import after_deadline, committee, open_to, produced

FIRST, SECOND, ABROAD = "NL91ABNA0417164300", "NL20INGB0001234567", "BE68539007547034"


@remembered
def told(application: Any = None, **start: Any) -> Any:
    """A grant whose letter was sent."""
    case = produced(application, **start)
    at = after_deadline(case, days=30, minutes=2)
    send_due_mails(now=lambda: at)
    fix_moment_of_sending(letter_id=case.decision.letter_id, at=at)
    return case


def lead_of(case: Any) -> Any:
    """Return the first who speaks for the lead organisation."""
    return people_who_speak_for(case.coalition.lead_organisation_id).order_by("pk")[0]


def give(
    case: Any,
    iban: str = FIRST,
    *,
    shown: str | None = None,
    actor: Any = None,
    holder: str = "Stichting Zorg",
) -> BankAccount:
    """Have an account given, a day after the letter."""
    return give_bank_account(
        application_id=case.pk,
        iban=iban,
        holder=holder,
        shown=shown,
        actor=actor or lead_of(case),
        at=after_deadline(case, days=31),
    )


def officer_of(case: Any) -> Any:
    """Return the officer, to whom the grant is open."""
    officer = committee().officer
    open_to(case, officer)
    return officer


def accept(account: BankAccount, actor: Any, *, shown: str | None = None) -> BankAccount:
    """Have an account accepted, a day later."""
    at = account.given_at + timedelta(days=1)
    return accept_bank_account(account_id=account.pk, shown=shown, actor=actor, at=at)


def send_back(account: BankAccount, actor: Any, reason: str = "Andere naam.") -> BankAccount:
    """Have an account sent back, a day later."""
    at = account.given_at + timedelta(days=1)
    return send_back_bank_account(account_id=account.pk, reason=reason, shown=None, actor=actor, at=at)
