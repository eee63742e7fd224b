"""Erasing a conversation that is past its retention period."""

from correspondence.models import Conversation, MessageFile


def erase_conversation(conversation: Conversation) -> list[str]:
    """Erase a locked conversation with its messages, within the act that destroys it; return the names of its stored files."""
    files = MessageFile.objects.filter(message__conversation=conversation)
    names = list(files.values_list("stored_as", flat=True))
    conversation.delete()
    return names
