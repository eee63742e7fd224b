"""Files that go with a mail."""

from django.db import models

from hubportal.mail.models.outgoing_mail import OutgoingMail


class MailAttachment(models.Model):
    """A stored file that goes with a mail (bijlage)."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="attachments")
    stored_as = models.CharField(max_length=200)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80, default="application/pdf")

    def __str__(self) -> str:
        return self.filename
