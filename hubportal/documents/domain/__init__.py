"""Rendering, signing, storing and verifying documents."""
