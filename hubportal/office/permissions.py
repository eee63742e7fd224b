"""Who settles mails."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import ADMINISTRATORS, OFFICERS, RolePermission

may_settle_mails = RolePermission(
    OFFICERS.roles | ADMINISTRATORS.roles, _("Only the programme office can do this.")
)
