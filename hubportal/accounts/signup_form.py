"""The forms of registering, also when somebody does it twice at once, and of asking a new password."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, SignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hubportal.accounts.queries import whose_is


class RegistrationForm(SignupForm):
    """Makes account and address together, so that nobody meets the one without the other."""

    def validate_unique_email(self, value: str) -> str:
        """Let who reads a mailbox register, also where somebody else said that it is theirs and never confirmed it."""
        email: str = super().validate_unique_email(value)
        self.account_already_exists = bool(whose_is(email, filter_users_by_email(email)))
        return email

    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """Make the account with its address."""
        with transaction.atomic():
            saved: AbstractBaseUser = super().save(request)
            # allauth makes no second row for an address that it knows.
            address, _is_new = EmailAddress.objects.get_or_create(
                user_id=saved.pk, email=self.cleaned_data["email"].lower(), defaults={"primary": True}
            )
        EmailAddress.objects.fill_cache_for_user(saved, [address])
        return saved

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponseBase | None]:
        """Answer as ever where another request registered the address meanwhile, which mails the link too."""
        try:
            made: tuple[AbstractBaseUser | None, HttpResponseBase | None] = super().try_save(request)
        except IntegrityError:
            return None, get_adapter().respond_email_verification_sent(request, None)
        return made


class NewPasswordForm(ResetPasswordForm):
    """Mails whose address it is, and nobody who only said so."""

    def clean_email(self) -> str:
        """Keep the accounts whose address it is."""
        email: str = super().clean_email()
        self.users = whose_is(email, self.users)
        return email
