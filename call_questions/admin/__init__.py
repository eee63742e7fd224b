"""Pages of the office about questions on a call."""
