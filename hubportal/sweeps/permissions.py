"""Who tries stuck work again."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import ADMINISTRATORS, OFFICERS, RolePermission

may_retry = RolePermission(OFFICERS.roles | ADMINISTRATORS.roles, _("Only the programme office can do this."))
# Officers may have an interest in an application, and would learn from these numbers that it was decided.
may_see_all_figures = ADMINISTRATORS
