"""The rows of the correspondence app."""

from correspondence.models.conversation import Conversation
from correspondence.models.message import Message
from correspondence.models.message_file import MessageFile

__all__ = ["Conversation", "Message", "MessageFile"]
