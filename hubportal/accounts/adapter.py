"""What allauth asks of the portal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language

from hubportal.accounts.models import User
from hubportal.kernel import clock
from hubportal.mail.domain.outbox import queue_mail


class HubAccountAdapter(DefaultAccountAdapter):
    """Sends allauth's mails through the outbox and keeps the person's name."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails; its own words, our sender (rule 25)."""
        message = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        queue_mail(
            kind=template_prefix.rpartition("/")[2],
            recipient=email,
            subject=str(message.subject),
            body=str(message.body),
            language=get_language() or "nl",
            at=clock.now(),
        )

    def clean_email(self, email: str) -> str:
        """Refuse an address longer than any mailbox has, wherever one is typed."""
        MaxLengthValidator(254)(email)
        return email

    def save_user(self, request: Any, user: User, form: Any, commit: bool = True) -> User:
        """Keep the name that the sign-up form asks."""
        user.full_name = form.cleaned_data.get("full_name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved


class HubMfaAdapter(DefaultMFAAdapter):
    """Names the person in their authenticator app."""

    def get_totp_label(self, user: User) -> str:
        """Return the address, which is what people recognise."""
        return user.email
