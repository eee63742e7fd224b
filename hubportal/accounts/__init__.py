"""People who log in, their roles and their second factor."""
