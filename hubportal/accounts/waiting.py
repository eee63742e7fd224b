"""Who registered and has not confirmed the address yet, as far as this browser knows."""

from allauth.account.models import Login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.http import HttpRequest

from hubportal.accounts.models import User
from hubportal.next_page import asked_next


def waiting_for(request: HttpRequest) -> Login | None:
    """Return the log-in that waits for its address, of nobody where it only seems that somebody registered (rule 26)."""
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    return None if stage is None else stage.login


def address_of(login: Login) -> str:
    """Return the address that waits, whether there is somebody or only seems to be."""
    return login.user.email if isinstance(login.user, User) else login.email or ""


def where_to(request: HttpRequest) -> str:
    """Return the page to which somebody who registers was going."""
    login = waiting_for(request)
    return asked_next(request) or (login and login.redirect_url) or ""
