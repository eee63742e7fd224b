"""Nobody chooses who judges an organisation in which they have an interest, by noting positions of others there (rule 29)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from organisations.models import Organisation
from reviews.taking_part import organisations_of_interest


def check_no_own_interest(noting: User, user: User, places: Collection[Organisation]) -> None:
    """Raise ``NotAllowed`` for who would take others away from judging an organisation in which they have an interest themselves."""
    own = organisations_of_interest(noting).filter(pk__in=[each.pk for each in places])
    if noting != user and own.exists():
        raise NotAllowed(
            _(
                "You have a position or an interest at this organisation yourself. Let another administrator record this."
            )
        )
