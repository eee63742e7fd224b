"""Playing who gives the bank account of a grant, and who checks it."""

from datetime import datetime
from itertools import cycle

from stdnum.iso7064 import mod_97_10

from applications.models import Application
from calls.models import Call
from decisions.domain.bank_accounts import accept_bank_account, give_bank_account, send_back_bank_account
from decisions.enums import AccountState
from demo.cast import OFFICER
from demo.domain.assessing import People


def give_accounts(call: Call, people: People, *, at: datetime) -> None:
    """Let most accounts of grants count, some wait to be checked, and one in four be sent back."""
    granted = Application.objects.filter(call=call, decision__letter__sent_at__isnull=False, status="granted")
    fates = cycle((AccountState.COUNTS, AccountState.WAITING, AccountState.COUNTS, AccountState.SENT_BACK))
    for application, fate in zip(granted.order_by("pk"), fates, strict=False):
        assert application.submitted_by is not None
        account = give_bank_account(
            application_id=application.pk,
            iban=_fictional_iban(application.pk),
            holder=application.coalition.lead_organisation.name,
            shown=None,
            actor=application.submitted_by,
            at=at,
        )
        if fate == AccountState.COUNTS:
            accept_bank_account(account_id=account.pk, shown=None, actor=people[OFFICER.key], at=at)
        elif fate == AccountState.SENT_BACK:
            send_back_bank_account(
                account_id=account.pk,
                reason="De rekening staat op een andere naam dan die van de penvoerder.",
                shown=None,
                actor=people[OFFICER.key],
                at=at,
            )


def _fictional_iban(number: int) -> str:
    """Return an IBAN with the right check digits at a bank that does not exist."""
    account = f"DEMO{number:010}"
    return f"NL{mod_97_10.calc_check_digits(account + 'NL')}{account}"
