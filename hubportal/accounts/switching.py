"""What follows when somebody logs in, or switches a second factor on or off."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from hubportal.accounts.domain.second_factors import note_second_factor
from hubportal.accounts.enums import SecondFactor
from hubportal.accounts.models import User
from hubportal.accounts.sessions import begin
from hubportal.kernel import clock


def switched_on(*, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object) -> None:
    """Remember that this session used it, since its first code or answer was just given to enable it; and record it."""
    if authenticator.type in SecondFactor.values:
        record_authentication(request, user, method="mfa", type=authenticator.type)
        note_second_factor(person=user, kind=SecondFactor(authenticator.type), is_added=True, at=clock.now())


def switched_off(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """Record it."""
    if authenticator.type in SecondFactor.values:
        note_second_factor(person=user, kind=SecondFactor(authenticator.type), is_added=False, at=clock.now())


def logged_in(*, request: HttpRequest, **_signal: object) -> None:
    """Let the session begin."""
    begin(request, at=clock.of_this_machine())
