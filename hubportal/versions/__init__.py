"""Saving over a newer version: how forms, pages and scripts meet it, in one way everywhere (rules 12 and 32)."""
