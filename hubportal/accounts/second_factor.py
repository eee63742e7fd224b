"""Who needs a second factor, and whether this session used it."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from hubportal.accounts.enums import SECOND_FACTOR_ROLES
from hubportal.accounts.models import User


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


def remember_activation(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """Remember that this session used the second factor: its first code was just typed to enable it."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", type=authenticator.type)
