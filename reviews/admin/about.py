"""What those who give a role have to know of a person first: in which calls they compete (rule 29)."""

from django.utils.translation import gettext as _

from hubportal.accounts.models import User
from reviews.taking_part import joined_with_submitted


def told_about(person: User) -> list[tuple[str, str]]:
    """Return each call in which a person takes or took part with what was submitted, after how."""
    how = _("Takes or took part in an application of")
    return [(how, each.title) for each in joined_with_submitted(person)]
