"""The rows of the correspondence app."""

from correspondence.models.answer_address import AnswerAddress
from correspondence.models.conversation import Conversation
from correspondence.models.mailed_message import MailedMessage
from correspondence.models.message import Message
from correspondence.models.message_file import MessageFile

__all__ = ["AnswerAddress", "Conversation", "MailedMessage", "Message", "MessageFile"]
