"""The rows of the accounts app."""

from hubportal.accounts.models.known_address import KnownAddress
from hubportal.accounts.models.role_grant import RoleGrant
from hubportal.accounts.models.user import User

__all__ = ["KnownAddress", "RoleGrant", "User"]
