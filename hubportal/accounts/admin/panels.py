"""Where administrators find people."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.admin import Link, Panel


def panels(user: User) -> list[Panel]:
    """Return nothing: no person waits for anything here."""
    return []


def links(user: User) -> list[Link]:
    """Return the way to people and their roles."""
    is_administrator = user.has_role(Role.ADMINISTRATOR)
    return [Link(_("People and roles"), reverse("admin:people"), order=60)] if is_administrator else []
