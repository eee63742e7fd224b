"""Optimistic versions in forms, pages and scripts: one way to meet a newer version (rules 12 and 32)."""
