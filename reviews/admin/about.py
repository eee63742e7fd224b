"""What those who give a role have to know of a person first: in which calls they compete (rule 29)."""

from django.utils.translation import gettext as _

from hubportal.accounts.models import User
from reviews.taking_part import joined_with_submitted


def told_about(person: User) -> list[tuple[str, str]]:
    """Return each call in which a person takes part with what is submitted and not decided, after how."""
    how = _("Takes part in an application that is not decided yet, of")
    return [(how, each.title) for each in joined_with_submitted(person)]
