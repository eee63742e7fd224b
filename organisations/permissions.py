"""Who speaks for an organisation."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from organisations.queries import organisations_of

may_speak_for = Permission(organisations_of, _("You do not represent this organisation."))
