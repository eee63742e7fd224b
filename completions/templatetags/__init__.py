"""Tags about completing an application."""
