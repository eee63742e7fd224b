"""What waits for the office in the outbox."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.admin import Figure, Link, Panel, Role
from hubportal.mail.queries import mails_that_need_the_office

OFFICE = (Role.OFFICER, Role.ADMINISTRATOR)


def panels(user: Any) -> list[Panel]:
    """Return how many mails failed or are uncertain."""
    if not user.has_role(*OFFICE):
        return []
    number = mails_that_need_the_office().count()
    figures = [Figure(number, _("Mails that failed or are uncertain"), reverse("admin:mails"))]
    return [Panel(_("Mails"), figures, _("All mails went out."), order=50)]


def links(user: Any) -> list[Link]:
    """Return the way to the mails."""
    return [Link(_("Mails"), reverse("admin:mails"), order=50)] if user.has_role(*OFFICE) else []
