"""The acts on documents that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_SHA256 = Fact("sha256", _("digital fingerprint"), is_digest=True)

STORED = Act("documents.stored", _("document stored"), (_SHA256,))
SUPERSEDED = Act(
    "documents.superseded",
    _("document replaced by a newer one"),
    (Fact("by", _("replaced by document")),),
)
