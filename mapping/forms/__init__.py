"""The forms of a kwartiermaker."""
