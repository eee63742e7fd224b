"""Documents: rendered, signed, stored by their SHA-256, and verified by anyone."""
