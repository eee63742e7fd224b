"""Who speaks for a coalition."""

from django.utils.translation import gettext_lazy as _

from coalitions.models import Coalition
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed


def leads(user: User, coalition: Coalition) -> bool:
    """Tell whether the person speaks for the lead organisation."""
    return coalition.lead_organisation.representatives.filter(user_id=user.pk).exists()


def check_leads(user: User, coalition: Coalition) -> None:
    """Raise ``NotAllowed`` unless the person speaks for the lead organisation."""
    if not leads(user, coalition):
        raise NotAllowed(_("Only the lead organisation can do this."))
