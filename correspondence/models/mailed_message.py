"""What is kept of a message that came by mail."""

from django.db import models

from correspondence.models.message import Message


class MailedMessage(models.Model):
    """That a message came by mail (per e-mail), and what its mail held beside the new words; it goes when the message is taken back."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="mailed")
    # The last message that its writer had been told of.
    answers = models.PositiveSmallIntegerField()
    # What stood below or around the new words: the quote and the signature.
    rest = models.TextField(blank=True)
    # Names of files that were not taken, one on a line.
    left_out = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.message_id)

    @property
    def names_left_out(self) -> list[str]:
        """Return the names of the files that were not taken."""
        return self.left_out.splitlines()
