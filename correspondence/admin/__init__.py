"""Pages of the office about messages."""
