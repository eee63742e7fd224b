"""The acts of the office that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

MAIL_SETTLED = Act(
    "mail.settled", _("e-mail settled"), (Fact("send_again", _("sent again")), Fact("arrived", _("arrived")))
)
