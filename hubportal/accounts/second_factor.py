"""Who needs a second factor, and whether this session used it."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

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


def too_late_to_switch_on() -> ValidationError:
    """Return what somebody reads whose term is over."""
    return ValidationError(
        _(
            "You were given your role more than %(days)d days ago. To be sure that it is you, ask an "
            "administrator to take the role away and give it to you again. Then switch this on."
        )
        % {"days": SWITCH_ON_WITHIN.days}
    )


def page_that_asks(user: User) -> str:
    """Return the name of the page that asks for the second factor, or where a first one is set up."""
    if "totp" in user.second_factors:
        return "mfa_reauthenticate"
    return "mfa_reauthenticate_webauthn" if user.has_second_factor else "mfa_activate_totp"
