"""Who may map what."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from mapping.queries import organisations_mapped_by, regions_of
from organisations.models import Organisation
from regions.models import Region


def check_maps(user: User, region: Region) -> None:
    """Raise ``NotAllowed`` unless this region is assigned to the kwartiermaker."""
    if not regions_of(user).filter(pk=region.pk).exists():
        raise NotAllowed(_("This region is not assigned to you."))


def check_may_edit(user: User, organisation: Organisation) -> None:
    """Raise ``NotAllowed`` unless the person speaks for the organisation or maps a region of it."""
    speaks = organisation.representatives.filter(user=user).exists()
    if not speaks and not organisations_mapped_by(user).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("You cannot change this organisation."))


def check_may_publish(user: User, organisation: Organisation) -> None:
    """Raise ``NotAllowed`` unless the person maps a region of the organisation (rule 23)."""
    if not organisations_mapped_by(user).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("Only a kwartiermaker of its region can publish an organisation."))
