"""The roles a person can hold beside being an applicant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do for the programme."""

    KWARTIERMAKER = "kwartiermaker", _("kwartiermaker")
    REVIEWER = "reviewer", _("reviewer")
    CHAIR = "chair", _("committee chair")
    DEPUTY = "deputy", _("deputy chair")
    OFFICER = "officer", _("programme officer")
    RELEASER = "releaser", _("releaser")
    ADMINISTRATOR = "administrator", _("administrator")


class SecondFactor(models.TextChoices):
    """What somebody shows beside a password, or in its place."""

    TOTP = "totp", _("authenticator app")
    WEBAUTHN = "webauthn", _("passkey")


# Who enters the admin site at all.
STAFF_ROLES = frozenset(
    {Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER, Role.ADMINISTRATOR}
)
# Whose work opens what others wrote; a second factor is asked of each.
SECOND_FACTOR_ROLES = STAFF_ROLES | {Role.KWARTIERMAKER}
# Who judges or handles an application, and so declares interests first (rule 14).
ASSESSING_ROLES = frozenset({Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER})
