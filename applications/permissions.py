"""Who may write, submit and sign."""

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from coalitions.permissions import leads
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed


def check_may_write(user: User, application: Application) -> None:
    """Raise ``NotAllowed`` unless the person speaks for the lead organisation."""
    if not leads(user, application.coalition):
        raise NotAllowed(_("Only the lead organisation can change this application."))


def check_may_submit(user: User, application: Application) -> None:
    """Raise ``NotAllowed`` unless the person speaks for the lead organisation."""
    if not leads(user, application.coalition):
        raise NotAllowed(_("Only the lead organisation can submit this application."))
