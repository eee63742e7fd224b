"""Bank accounts as pages show them."""

from typing import Any

from django import template

from decisions.account_queries import bank_accounts_of
from decisions.domain import ibans
from decisions.permissions import may_check_bank_account, may_give_bank_account

register = template.Library()


@register.filter
def masked(number: str) -> str:
    """Return an IBAN with only its country and its last four characters."""
    return ibans.masked(number)


@register.filter
def in_groups(number: str) -> str:
    """Return an IBAN in groups of four, as banks write it."""
    return ibans.in_groups(number)


@register.simple_tag(takes_context=True)
def account_to_see(context: dict[str, Any], application: Any) -> Any:
    """Return the latest account given for a grant, for an officer who can check it; else nothing."""
    if not may_check_bank_account.allows(context["request"].user, application):
        return None
    return bank_accounts_of(application).first()


@register.simple_tag(takes_context=True)
def account_of_grant(context: dict[str, Any], application: Any) -> dict[str, Any] | None:
    """Return the latest account given for a grant, or none yet; nothing for whoever may not give one."""
    if not may_give_bank_account.allows(context["request"].user, application):
        return None
    return {"latest": bank_accounts_of(application).first()}
