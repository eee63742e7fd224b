"""The form of registering, when somebody does it twice at once."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class RegistrationForm(SignupForm):
    """Makes account and address together, so that nobody meets the one without the other."""

    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """Make the account with its address."""
        with transaction.atomic():
            saved: AbstractBaseUser = super().save(request)
        return saved

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponseBase | None]:
        """Answer as ever where another request registered the address meanwhile, which mails the link too."""
        try:
            made: tuple[AbstractBaseUser | None, HttpResponseBase | None] = super().try_save(request)
        except IntegrityError:
            return None, get_adapter().respond_email_verification_sent(request, None)
        return made
