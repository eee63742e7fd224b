"""Who may read regional pictures."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import ADMINISTRATORS, Permission, Person
from mapping.queries import regions_of
from regions.models import Region
from regions.queries import all_regions


def _regions_read_by(user: Person) -> QuerySet[Region]:
    return all_regions() if ADMINISTRATORS.includes(user) else regions_of(user)


may_read = Permission(
    _regions_read_by, _("Only its kwartiermakers and administrators read the pictures of a region.")
)
