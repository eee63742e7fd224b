"""Who needs a second factor, and whether this session used it."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from hubportal.accounts.enums import SECOND_FACTOR_ROLES
from hubportal.accounts.models import User

# After a role was given.
SWITCH_ON_WITHIN = timedelta(days=28)


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Tell whether the person's roles give access to what others wrote."""
    return user.is_authenticated and user.has_role(*SECOND_FACTOR_ROLES)


def has_used_second_factor(request: HttpRequest) -> bool:
    """Tell whether a second factor was used to enter this session."""
    if not request.user.is_authenticated:
        return False
    # The records belong to a person: without naming one, allauth answers that there are none.
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records)


def may_switch_on(request: HttpRequest, user: User, *, at: datetime) -> bool:
    """Tell whether this session may set up a second factor: in a role that needs one, only within the term.

    A password alone could be somebody else's: a role that waits longer is given again by an administrator first. Who
    used a second factor in this session, and replaces it, needs no term.
    """
    if not needs_second_factor(user) or has_used_second_factor(request):
        return True
    return user.role_grants.filter(
        role__in=SECOND_FACTOR_ROLES, granted_at__gt=at - SWITCH_ON_WITHIN
    ).exists()


def remember_activation(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """Remember that this session used the second factor: its first code was just typed to enable it."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", type=authenticator.type)
