"""What those who give a role have to know of a person first: for whom they speak (rule 27)."""

from django.utils.translation import gettext as _

from hubportal.accounts.models import User
from organisations.queries import proved_representatives


def told_about(person: User) -> list[tuple[str, str]]:
    """Return each organisation for which a person speaks, after how."""
    held = proved_representatives().filter(user=person).select_related("organisation")
    return [
        (_("Speaks for"), each.stated_name or each.organisation.name)
        for each in held.order_by("since_at", "pk")
    ]
