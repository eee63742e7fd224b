"""Who answers questions about a call; anybody with an account asks one (rule 40)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import OFFICERS, RolePermission

may_answer_questions = RolePermission(OFFICERS.roles, _("Only the programme office answers these questions."))
