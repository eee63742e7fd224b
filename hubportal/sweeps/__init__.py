"""Jobs that sweep due rows: a row that fails is retried with growing delays, and the office sees stuck rows."""
