"""Rows for tests: factories per app, and ``scenarios`` that bring an application along its way by the acts."""
