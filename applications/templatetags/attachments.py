"""What attachments are and what is known of viruses in them, as pages show it."""

from django import template

from applications.models import Application, Attachment
from calls.domain.attachment_kinds import attachment_kinds
from hubportal.documents.domain.scanning import is_withheld as _is_withheld
from hubportal.documents.enums import ScanState

register = template.Library()


@register.filter
def is_infected(attachment: Attachment) -> bool:
    """Tell whether a virus was found in a file."""
    return attachment.scan == ScanState.INFECTED


@register.filter
def is_withheld(attachment: Attachment) -> bool:
    """Tell whether nobody gets to see a file now."""
    return _is_withheld(attachment.scan)


@register.filter
def kind_in(attachment: Attachment, application: Application) -> str:
    """Return what a file is, in the words of the call; nothing where the call did not ask for it."""
    return next(
        (each.label for each in attachment_kinds(application.call) if each.key == attachment.kind), ""
    )
