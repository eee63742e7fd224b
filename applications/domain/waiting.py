"""What waits for its completion is judged by nobody (rule 42)."""

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.errors import RuleViolation


def completion_shown(application: Application) -> str:
    """Return what tells whether a page was made before what was asked to complete came, or after it."""
    ended_at = application.completion_ended_at
    return ended_at.isoformat() if ended_at else ""


def check_waits_for_nothing(application: Application) -> None:
    """Raise ``RuleViolation`` while the applicants were asked to complete an application: who judges it reads all of it."""
    if application.awaits_completion_until is not None:
        raise RuleViolation(
            _("The applicants were asked to complete this application by %(day)s. Judge it after that.")
            % {"day": day_in_words(application.awaits_completion_until)}
        )
