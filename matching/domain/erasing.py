"""Erasing what a coalition asked kwartiermakers, with the coalition."""

from coalitions.models import Coalition


def erase_help_of(coalition: Coalition) -> None:
    """Erase what a coalition asked and was proposed, within the act that destroys the coalition."""
    coalition.help_requests.all().delete()
