"""The documents app."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Signed PDF documents and their verification."""

    name = "hubportal.documents"
    verbose_name = _("documents")

    def ready(self) -> None:
        """Refuse to start in production with a certificate that cannot sign."""
        if settings.PRODUCTION:
            # Models, which the act needs, are loaded only now.
            from hubportal.documents.domain.authority import signing_identity

            signing_identity()
