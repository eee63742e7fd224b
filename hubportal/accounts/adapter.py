"""What allauth asks of the portal."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.registering import make_way
from hubportal.accounts.mail_limits import (
    CODES,
    LINKS,
    NEW_PASSWORDS,
    SIGN_UPS,
    counts_too_many,
)
from hubportal.accounts.models import User
from hubportal.accounts.queries import has_confirmed_an_address, others_of_mailbox
from hubportal.accounts.second_factor import page_that_asks
from hubportal.accounts.waiting import where_to
from hubportal.kernel import clock
from hubportal.kernel.names import refuse_undeliverable
from hubportal.mail.domain.outbox import queue_mail

# What anybody can have mailed to any mailbox.
_ASKED_BY_ANYBODY = frozenset(
    (
        *("email_confirmation", "email_confirmation_signup", "account_already_exists"),
        *("password_reset_key", "unknown_account", "login_code"),
    )
)
_COUNTED_AS = {
    "account_signup": SIGN_UPS,
    "account_reset_password": NEW_PASSWORDS,
    "account_request_login_code": CODES,
    "account_confirm_login_code": CODES,
}


def _counted_as(request: HttpRequest) -> str:
    """Return what a mail that a page asked for is counted as, whether the address has an account or not (rule 26)."""
    page = request.resolver_match
    return LINKS if page is None else _COUNTED_AS.get(page.url_name or "", LINKS)


def _at_our_address(name: str, value: Any) -> Any:
    """Return an address of a mail at the portal's own place, whatever the request called it: its reader follows it with a secret."""
    if not name.endswith("_url"):
        return value
    _scheme, _place, *page = urlsplit(str(value))
    return f"{settings.PUBLIC_ADDRESS}{urlunsplit(('', '', *page))}"


class HubAccountAdapter(DefaultAccountAdapter):
    """Sends allauth's mails through the outbox and keeps the person's name."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails; its own words, through our outbox (rule 25). Nothing to who was mailed enough today."""
        kind = template_prefix.rpartition("/")[2]
        if kind in _ASKED_BY_ANYBODY and counts_too_many(self.request, email, _counted_as(self.request)):
            return
        words = {name: _at_our_address(name, value) for name, value in context.items()}
        pages = {
            "new_password": "account_reset_password",
            "contact": "website:contact",
            "login": "account_login",
        }
        words |= {name: f"{settings.PUBLIC_ADDRESS}{reverse(page)}" for name, page in pages.items()}
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **words})
        queue_mail(
            kind=kind,
            recipient=email,
            subject=str(message.subject),
            body=str(message.body),
            language=get_language() or "nl",
            at=clock.now(),
        )

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Lead who confirms on to where they were going, in another browser too."""
        address: str = super().get_email_confirmation_url(request, emailconfirmation)
        wanted = where_to(request)
        return f"{address}?{urlencode({'next': wanted})}" if wanted else address

    def is_safe_url(self, url: str) -> bool:
        """Take what is no address at all for one that is not ours."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_account_already_exists_mail(self, email: str) -> None:
        """Mail the link to confirm again to who registers twice at once: this mail would take the place of that one.

        That is who types the password of the account that waits; anybody else is told that there is an account.
        """
        waiting = (
            EmailAddress.objects.filter(email__iexact=email, verified=False, primary=True)
            .select_related("user")
            .first()
        )
        if waiting is not None and waiting.user.check_password(self.request.POST.get("password1", "")):
            waiting.send_confirmation(self.request, signup=True)
        else:
            if waiting is None:
                # As long as it takes to keep a password: otherwise the time of the answer tells that there is an account (rule 26).
                make_password(self.request.POST.get("password1", ""))
            super().send_account_already_exists_mail(email)

    def clean_email(self, email: str) -> str:
        """Refuse an address longer than any mailbox has or to which no mail goes, and of who has a role the mailbox of a colleague (rule 28)."""
        MaxLengthValidator(254)(email)
        refuse_undeliverable(email)
        user = self.request.user if self.request else None
        if isinstance(user, User) and user.roles and others_of_mailbox(user, email=email):
            raise ValidationError(
                _("This is the mailbox of a colleague who has a role. Use an address of your own.")
            )
        return email

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Let an address be added to an account by who is logged in to it: who reads the mailbox may not know whose that is."""
        if has_confirmed_an_address(email_address.user_id) and request.user.pk != email_address.user_id:
            messages.error(
                request,
                _(
                    "Log in first to the account to which this address was added, and then open the link once more. Did you "
                    "not ask for this? Then do nothing."
                ),
            )
            return False
        is_confirmed = bool(super().confirm_email(request, email_address))
        if is_confirmed:
            make_way(email=email_address.email, confirmed_by=email_address.user, at=clock.now())
        return is_confirmed

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """Count wrong passwords per account and address: a stranger elsewhere does not lock the owner out."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def post_login(self, request: Any, user: User, **values: Any) -> HttpResponse:
        """Accept a recent log-in by password as reauthentication for setting up a first second factor.

        A person who has one must reauthenticate before it is removed or replaced; who got in by a code that was mailed, too:
        somebody may have been talked out of it.
        """
        if not user.has_second_factor:
            records = get_authentication_records(request, user)
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {**each, "reauthenticated": True} if each["method"] == "password" else each
                for each in records
            ]
        response: HttpResponse = super().post_login(request, user, **values)
        return response

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Ask people with a second factor for a code or a passkey: a password is no substitute."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        stronger = [each for each in methods if each["id"].startswith("mfa_reauthenticate")]
        if not stronger:
            return methods
        first = reverse(page_that_asks(user))
        return sorted(stronger, key=lambda each: each["url"] != first)

    def save_user(self, request: Any, user: User, form: Any, commit: bool = True) -> User:
        """Keep the name that the sign-up form asks."""
        user.full_name = form.cleaned_data.get("full_name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved


class HubMfaAdapter(DefaultMFAAdapter):
    """Names person and portal in apps and passkeys, and says what to do when a code is refused."""

    error_messages = {  # noqa: RUF012 -- as allauth declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not correct. Wait for a new code in your app and enter that one. Does it not work either? "
            "Then set your phone's clock to automatic."
        ),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 -- as allauth calls it
        """Name a passkey that nobody named."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the portal in the list of passkeys that a device keeps."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Hubportaal"}

    def get_totp_label(self, user: User) -> str:
        """Return the address, which is what people recognise."""
        return user.email


# Sentences of allauth that people can meet, named here so that our catalogues say them our way: the project's
# catalogues win from those of packages, and allauth's Dutch says "je" where the portal says "u".
SAID_OUR_WAY = (
    _("Incorrect code."),
    _("You are sending too many requests. Please wait a moment."),
    _("Incorrect password."),
    _("Please enter your current password."),
    _("The email address and/or password you specified are not correct."),
    _("The new value must be different from the current one."),
    _("The password reset token was invalid."),
    _("This email address is already associated with this account."),
    _("Too many failed login attempts. Try again later."),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("Authenticator code"),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot remove your primary email address."),
    _("You must type the same email each time."),
    _("You must type the same password each time."),
    _("Your primary email address must be verified."),
)
