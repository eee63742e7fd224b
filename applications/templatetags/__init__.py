"""Template filters of the applications app."""
