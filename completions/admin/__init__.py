"""Pages of the office, and of who assesses, about completing an application."""
