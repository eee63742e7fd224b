"""Pages on which the office compares the bank account of a grant, and accepts it or sends it back (rule 30, Awb 4:89)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.frozen import frozen_content
from applications.models import Application
from applications.queries import with_coalition
from decisions.account_queries import (
    bank_accounts_for,
    bank_accounts_in_force_by_state,
    bank_accounts_of,
    bank_accounts_shown,
    giver_represents,
    undeclared_bank_accounts,
)
from decisions.admin.forms import SendBackAccountForm
from decisions.domain.bank_accounts import (
    accept_bank_account,
    accounts_shown,
    is_given_by,
    same_name,
    send_back_bank_account,
)
from decisions.enums import AccountState
from decisions.models import BankAccount
from decisions.permissions import may_check_bank_account
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows

# Of what was given for one grant.
SHOWN = 50


@require_safe
@only_for(OFFICERS)
def accounts(request: StaffRequest) -> HttpResponse:
    """List the accounts in one state, those that wait at first; the one given longest ago in front."""
    asked = request.GET.get("staat", "")
    state = AccountState(asked) if asked in AccountState.values else AccountState.WAITING
    context = {
        "page": page_of_rows(request, bank_accounts_for(request.user, state), shown=bank_accounts_shown()),
        "states": AccountState.choices,
        "chosen_state": state.value,
        "undeclared": undeclared_bank_accounts(request.user).count(),
    }
    return page(request, "admin/decisions/bank_accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def account(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the account beside the organisation that is paid, and accept it."""
    application, given = _found(request, reference)
    in_force = bank_accounts_in_force_by_state(application)
    waiting, counts = in_force.get(AccountState.WAITING), in_force.get(AccountState.COUNTS)
    if request.method == "POST":
        return _accept(request, application, waiting)
    sealed = next(each for each in frozen_content(application)["organisations"] if each["is_lead"])
    context = {
        "application": application,
        "given": given,
        "waiting": waiting,
        "counts": counts,
        "organisation": sealed,
        "name_now": application.coalition.lead_organisation.name,
        "is_same_name": waiting is not None and same_name(waiting.holder, sealed["name"]),
        "is_givers": waiting is None or giver_represents(waiting),
        "is_counting_givers": counts is None or giver_represents(counts),
        "is_mine": waiting is not None and is_given_by(waiting, request.user),
        "shown": accounts_shown(application),
    }
    return page(request, "admin/decisions/bank_account.html", context)


def _found(request: StaffRequest, reference: str) -> tuple[Application, list[BankAccount]]:
    """Return a grant that this officer can check, with what was given for it; 404 before anything was."""
    granted = with_coalition(may_check_bank_account.rows(request.user))
    opened = granted.select_related("frozen", "coalition__lead_organisation")
    application = get_object_or_404(opened, reference=reference)
    given = list(bank_accounts_of(application)[:SHOWN])
    if not given:
        raise Http404
    return application, given


def _accept(request: StaffRequest, application: Application, waiting: BankAccount | None) -> HttpResponse:
    if waiting is None:
        # Two clicks at once, or a colleague: the page says what became of it.
        return redirect("admin:bank_account", application.reference)
    try:
        accept_bank_account(
            account_id=waiting.pk,
            shown=request.POST.get("shown", ""),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:bank_account", application.reference)
    messages.success(
        request, _("The account has been accepted. Everybody who answers for the application is told.")
    )
    return redirect("admin:bank_accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def send_back(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why an account is not accepted, and send it back."""
    application, _given = _found(request, reference)
    waiting = bank_accounts_in_force_by_state(application).get(AccountState.WAITING)
    if waiting is None:
        return redirect("admin:bank_account", reference)
    form = SendBackAccountForm(
        request.POST if request.method == "POST" else None, initial={"seen": accounts_shown(application)}
    )
    if request.method == "POST" and form.is_valid() and _send_back(request, waiting, form):
        return redirect("admin:bank_accounts")
    context = {"application": application, "account": waiting, "form": form}
    return page(
        request, "admin/decisions/send_back_account.html", context, status=422 if form.errors else 200
    )


def _send_back(request: StaffRequest, waiting: BankAccount, form: SendBackAccountForm) -> bool:
    """Send it back; ``False`` where the form says why not."""
    typed = dict[str, Any](form.cleaned_data)
    try:
        send_back_bank_account(
            account_id=waiting.pk,
            reason=typed["reason"],
            shown=typed["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion as refusal:
        form.show_seen(accounts_shown(waiting.application))
        add_violation(form, refusal)
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(
        request, _("The account has been sent back. Everybody who answers for the application is told.")
    )
    return True
