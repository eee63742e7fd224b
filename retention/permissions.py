"""Who approves that data are destroyed."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import ADMINISTRATORS, OFFICERS, RolePermission

may_approve_destruction = RolePermission(
    OFFICERS.roles | ADMINISTRATORS.roles,
    _("Only the programme office or an administrator can approve that data are destroyed."),
)
