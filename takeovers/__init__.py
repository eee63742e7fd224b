"""Drafts whose account holder is gone, and who asks the office for them."""
