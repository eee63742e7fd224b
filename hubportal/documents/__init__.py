"""Documents that leave the portal: rendered, signed, kept by their SHA-256, and verified by anyone."""
