"""The rows of the mail app."""

from hubportal.mail.models.mail_attachment import MailAttachment
from hubportal.mail.models.outgoing_mail import OutgoingMail

__all__ = ["MailAttachment", "OutgoingMail"]
