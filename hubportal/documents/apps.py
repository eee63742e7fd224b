"""The documents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Signed PDF documents and their verification."""

    name = "hubportal.documents"
    verbose_name = _("documents")
