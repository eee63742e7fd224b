"""Who answers questions about a call; anybody with an account asks one (rule 40)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import OFFICERS, UntiedPermission

# Who asks is about to apply: no rival reads that.
may_answer_questions = UntiedPermission(
    OFFICERS.roles,
    _("Only the programme office answers these questions, and nobody of it who takes part in a call."),
)
