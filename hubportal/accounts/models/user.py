"""The person who logs in."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import STAFF_ROLES, Role, SecondFactor
from hubportal.kernel.mailboxes import mailbox


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        """Create a user; without a password nobody can log in as them."""
        user = self.model(email=self.normalize_email(email), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address, ignoring case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address (gebruiker)."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    # The mailbox behind the address, by which two accounts of one person are found (rule 28).
    mailbox = models.CharField(max_length=254, db_default="", editable=False, db_index=True)
    full_name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_address",
                violation_error_message=_("There is already an account with this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save, and with a new address its mailbox."""
        self.mailbox = mailbox(self.email)
        if update_fields is not None and "email" in update_fields:
            update_fields = {*update_fields, "mailbox"}
        super().save(update_fields=update_fields, **options)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the roles held now, read once per request."""
        return frozenset(Role(each) for each in self.role_grants.values_list("role", flat=True))

    @cached_property
    def second_factors(self) -> frozenset[str]:
        """Return the kinds of second factor that are set up."""
        return frozenset(
            self.authenticator_set.filter(type__in=SecondFactor.values).values_list("type", flat=True)
        )

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a second factor is set up."""
        return bool(self.second_factors)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person is active and holds one of these roles."""
        return self.is_active and not self.roles.isdisjoint(roles)

    def get_short_name(self) -> str:
        """Return how the person is greeted."""
        return self.full_name

    # Django's admin asks these; the portal's own permissions live beside the acts.

    @property
    def is_staff(self) -> bool:
        """Tell whether the person may enter the admin site."""
        return self.has_role(*STAFF_ROLES)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Grant nothing: permissions of the admin's own kind are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Grant nothing: permissions of the admin's own kind are not used."""
        return False
