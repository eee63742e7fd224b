"""Who may work on which import."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from imports.queries import imports_of

may_import = Permission(imports_of, _("This import is not yours."))
