"""The acts on regional pictures that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_DOCUMENT = Fact("sha256", _("SHA-256"), is_digest=True)

TEXT_WRITTEN = Act("pictures.text_written", _("text of a regional picture written"))
TEXT_PUT_BACK = Act("pictures.text_put_back", _("earlier text of a regional picture put back"))
PICTURE_ASKED = Act("pictures.asked", _("regional picture asked for"))
PICTURE_MADE = Act("pictures.made", _("regional picture made"), (_DOCUMENT,))
PICTURE_PUBLISHED = Act("pictures.published", _("regional picture made public"), (_DOCUMENT,))
PICTURE_WITHDRAWN = Act("pictures.withdrawn", _("regional picture made not public"), (_DOCUMENT,))
