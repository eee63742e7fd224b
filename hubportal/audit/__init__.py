"""The proof of who did what when: events that cannot be changed, linked into a hash chain."""
