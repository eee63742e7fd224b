"""Give a role to somebody with an account: ``manage.py grant_role you@example.nl administrator``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hubportal.accounts.domain.roles import grant_role
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel import clock


class Command(BaseCommand):
    """Give a role to a person by e-mail address."""

    help = "Give a role to somebody who has an account."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the role."""
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *args: Any, email: str, role: str, **options: Any) -> None:
        """Grant it, or say that nobody has this address."""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has an account with the address {email}.")
        grant_role(user=user, role=Role(role), actor=None, at=clock.now())
        self.stdout.write(f"{user} is now {Role(role).value}.")
