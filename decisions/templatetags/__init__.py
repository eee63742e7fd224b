"""Template filters of the decisions app."""
