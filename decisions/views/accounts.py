"""The page on which a grant's bank account is given, after a look at what will be fixed (rule 30, Awb 4:89)."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.queries import with_coalition
from decisions.account_queries import (
    bank_accounts_in_force_by_state,
    bank_accounts_of,
    grants_come_back,
)
from decisions.domain.bank_accounts import accounts_shown, give_bank_account
from decisions.enums import AccountState
from decisions.forms import BankAccountForm
from decisions.permissions import may_give_bank_account
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest

# Of what was given before.
SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bank_account(request: SignedInRequest, reference: str) -> HttpResponse:
    """Find the grant; who may not give its account gets 404, and is not asked who they are either.

    While its letter is back, those who may otherwise give it are told so.
    """
    opened = with_coalition(may_give_bank_account.rows(request.user)).filter(reference=reference).first()
    if opened is None:
        back = with_coalition(grants_come_back(request.user))
        return _come_back(request, get_object_or_404(back, reference=reference))
    response: HttpResponse = _bank_account(request, opened)
    return response


def _come_back(request: SignedInRequest, application: Application) -> HttpResponse:
    """Say that the letter has to arrive first, beside what was typed meanwhile (rule 12)."""
    form = BankAccountForm(request.POST) if request.method == "POST" else None
    context = {"application": application, "form": form}
    return render(request, "decisions/bank_account_waits.html", context, status=422 if form else 200)


@reauthentication_required
def _bank_account(request: SignedInRequest, application: Application) -> HttpResponse:
    """Ask for the account, show what will be given, and give it."""
    form = BankAccountForm(
        request.POST if request.method == "POST" else None, initial={"seen": accounts_shown(application)}
    )
    is_checked = request.method == "POST" and form.is_valid() and "back" not in request.POST
    if is_checked and "give" in request.POST and _give(request, application, form):
        return redirect("decisions:bank_account", application.reference)
    given = list(bank_accounts_of(application)[:SHOWN])
    in_force = bank_accounts_in_force_by_state(application)
    context = {
        "application": application,
        "form": form,
        "given": given,
        "counts": in_force.get(AccountState.COUNTS),
        "waiting": in_force.get(AccountState.WAITING),
        "sent_back": given[0] if given and given[0].state == AccountState.SENT_BACK else None,
        "checked": form.cleaned_data if is_checked and not form.errors else None,
    }
    return render(request, "decisions/bank_account.html", context, status=422 if form.errors else 200)


def _give(request: SignedInRequest, application: Application, form: BankAccountForm) -> bool:
    """Give the account; ``False`` where the form says why not."""
    typed = dict[str, Any](form.cleaned_data)
    try:
        account = give_bank_account(
            application_id=application.pk,
            iban=typed["iban"],
            holder=typed["holder"],
            shown=typed["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion as refusal:
        # The next attempt has seen what stands above it now.
        form.show_seen(accounts_shown(application))
        add_violation(form, refusal)
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    if account.state == AccountState.COUNTS:
        messages.info(request, _("We pay to this account already, so nothing changes."))
    else:
        messages.success(
            request, _("You gave this account. We check it first, and tell you by e-mail what became of it.")
        )
    return True
