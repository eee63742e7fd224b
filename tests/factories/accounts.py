"""People, with their roles, and clients that are logged in as them."""

from typing import Any

import factory
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client
from factory.django import DjangoModelFactory

from hubportal.accounts.enums import SECOND_FACTOR_ROLES, Role
from hubportal.accounts.models import RoleGrant, User
from tests.factories.moments import CALL_OPENS

PASSWORD = "een lang wachtwoord voor de proef"


def in_letters(number: int) -> str:
    """Write a number in letters, for no name of a person has digits: A to Z, then BA, BB."""
    first, last = divmod(number, 26)
    return (in_letters(first) if first else "") + chr(ord("A") + last)


class UserFactory(DjangoModelFactory[User]):
    """Somebody with an account and a confirmed address."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    full_name = factory.Sequence(lambda number: f"Persoon {in_letters(number)} (fictief)")
    email = factory.Sequence(lambda number: f"persoon-{number}@voorbeeld-{number}.example")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **values: Any) -> User:
        user = User.objects.create_user(
            values.pop("email"), values.pop("password", PASSWORD), *args, **values
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


def person(*roles: Role, **values: Any) -> User:
    """Make somebody who holds these roles, with a second factor where a role asks for one."""
    user = UserFactory.create(**values)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_at=CALL_OPENS)
    if not SECOND_FACTOR_ROLES.isdisjoint(roles):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": "FICTIEF234567AAA"}
        )
    return user


def log_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """Log somebody in, as if with password and, by default, second factor; who has none proved just now who they are."""
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    fresh = {} if user.has_second_factor else {"reauthenticated": True}
    record_authentication(request, user, "password", email=user.email, **fresh)
    if second_factor:
        record_authentication(request, user, "mfa", type="totp")
    request.session.save()
    return client
