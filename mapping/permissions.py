"""Who may map what."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import ADMINISTRATORS, Permission, RolePermission
from mapping.assignment_queries import assignments_to_hand_over
from mapping.correction_queries import corrections_open_to
from mapping.queries import (
    organisations_editable_by,
    organisations_mapped_by,
    organisations_to_take,
    regions_of,
    representatives_waiting_for,
)

may_map = Permission(regions_of, _("This region is not assigned to you."))
may_edit = Permission(organisations_editable_by, _("You cannot change this organisation."))
# Rule 26: never what stands on the map of somebody else and is not public.
may_take = Permission(organisations_to_take, _("You cannot put this organisation on your map."))
# Rule 23.
may_publish = Permission(
    organisations_mapped_by, _("Only a kwartiermaker of its region can publish an organisation.")
)
# Rule 27: a word to the office, and never for oneself.
may_recommend = Permission(
    representatives_waiting_for,
    _("Only a kwartiermaker of the region can recommend who represents an organisation."),
)
may_assign_regions = RolePermission(ADMINISTRATORS.roles, _("Only an administrator can assign regions."))
may_answer_correction = Permission(
    corrections_open_to, _("Only a kwartiermaker of its region or the programme office can answer this.")
)
may_hand_over = Permission(
    assignments_to_hand_over, _("Only an administrator, or who maps the region, can hand it over.")
)
