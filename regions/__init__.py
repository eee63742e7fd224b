"""Regions, their municipalities, and who is active in them."""
