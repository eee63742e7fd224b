"""The rows of the mail app."""

from hubportal.mail.models.mail_attachment import MailAttachment
from hubportal.mail.models.outgoing_mail import OutgoingMail
from hubportal.mail.models.received_count import ReceivedCount

__all__ = ["MailAttachment", "OutgoingMail", "ReceivedCount"]
