"""Pages of the office about drafts that somebody asks for."""
