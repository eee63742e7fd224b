"""Rendering, signing, keeping and verifying documents."""
