"""The matching app."""
