"""The rows of the accounts app."""

from hubportal.accounts.models.former_address import FormerAddress
from hubportal.accounts.models.role_grant import RoleGrant
from hubportal.accounts.models.user import User

__all__ = ["FormerAddress", "RoleGrant", "User"]
