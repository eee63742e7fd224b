"""The call_questions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallQuestionsConfig(AppConfig):
    """Questions about a call, with the answers that everybody reads."""

    name = "call_questions"
    verbose_name = _("questions about calls")
