"""Organisations that take part, and who speaks for them."""
