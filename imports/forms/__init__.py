"""Forms of imports."""
