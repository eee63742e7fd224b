"""Since when a conversation waits for the office: one answer, whatever happened in it."""

from correspondence.models import Conversation
from correspondence.queries import with_waiting


def settle_waiting(conversation: Conversation) -> None:
    """Write down since when a conversation of a locked application waits, within the act that changed something in it."""
    since = with_waiting(Conversation.objects.filter(pk=conversation.pk)).get().should_wait_since
    if since != conversation.waits_since:
        conversation.waits_since = since
        conversation.save(update_fields=["waits_since"])
