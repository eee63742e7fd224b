"""Organisations that apply together."""
