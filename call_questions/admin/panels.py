"""The panel of officers about questions on calls."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from call_questions.permissions import may_answer_questions
from call_questions.queries import waiting
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS
from hubportal.office.panels import Figure, Link, Panel


def panels(user: User) -> list[Panel]:
    """Return the panel of officers: questions about calls that wait for an answer."""
    if not may_answer_questions.includes(user):
        return []
    page = reverse("admin:call_questions")
    figures = [Figure(waiting().count(), _("Questions about a call to answer"), page)]
    return [Panel(_("Questions about calls"), figures, _("No questions are waiting."), order=22)]


def links(user: User) -> list[Link]:
    """Return where officers find questions about calls."""
    page = reverse("admin:call_questions")
    # Who takes part in a call reads there why nothing stands in it.
    return [Link(_("Questions"), page, order=22)] if OFFICERS.includes(user) else []
