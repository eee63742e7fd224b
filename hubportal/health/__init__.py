"""Whether the portal lives and is ready to serve."""
