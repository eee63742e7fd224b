"""Forms of the pictures app."""
