"""What is known of viruses in attachments, as pages show it."""

from django import template

from applications.models import Attachment
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
