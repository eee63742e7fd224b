"""Messages on pages of other apps."""
