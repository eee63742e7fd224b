"""The acts on accounts that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role, SecondFactor
from hubportal.audit.events import Act, Fact

_KIND = Fact("kind", _("kind"), dict(SecondFactor.choices))
_ROLE = Fact("role", _("role"), dict(Role.choices))

ROLE_GRANTED = Act("accounts.role_granted", _("role given"), (_ROLE,))
ROLE_REVOKED = Act("accounts.role_revoked", _("role withdrawn"), (_ROLE,))
MADE_WAY = Act(
    "accounts.made_way", _("account that nobody confirmed removed"), (Fact("account", _("account")),)
)
# Without the names: the log is kept longer than what may be erased.
NAME_CHANGED = Act("accounts.name_changed", _("own name changed"))
SECOND_FACTOR_ADDED = Act("accounts.second_factor_added", _("second factor switched on"), (_KIND,))
SECOND_FACTOR_REMOVED = Act("accounts.second_factor_removed", _("second factor switched off"), (_KIND,))
