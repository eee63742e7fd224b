"""Pages of the office about what is past its retention period."""
