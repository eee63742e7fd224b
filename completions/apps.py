"""The completions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompletionsConfig(AppConfig):
    """What the office asks to complete of an application that was submitted, and what was added."""

    name = "completions"
    verbose_name = _("completions")
