"""Deciding: decisions, their release and their letters."""
