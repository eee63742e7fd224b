"""Giving the demo's people their accounts."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from demo.cast import CAST, KWARTIERMAKER, SUCCESSOR, DemoPerson
from hubportal.accounts.models import RoleGrant, User
from mapping.models import KwartiermakerAssignment
from regions.models import Region

# Two neighbouring regions of one, so that a newcomer sees more than one.
REGIONS = {KWARTIERMAKER: ("Arnhem", "Nijmegen"), SUCCESSOR: ("Twente",)}


def seat_cast(*, at: datetime) -> dict[str, User]:
    """Create missing accounts with their roles, and return all by key."""
    people = {each.key: seat(each, at=at) for each in CAST}
    for kwartiermaker, names in REGIONS.items():
        for region in Region.objects.filter(name__in=names):
            KwartiermakerAssignment.objects.get_or_create(
                user=people[kwartiermaker.key], region=region, defaults={"since_on": at.date()}
            )
    return people


def seat(person: DemoPerson, *, at: datetime) -> User:
    """Make one account: address confirmed, second factor set up, nobody knows a password."""
    user = User.objects.filter(email=person.email).first()
    if user is not None:
        return user
    user = User.objects.create_user(person.email, full_name=person.name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=at) for role in person.roles)
    if person.roles and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return user
