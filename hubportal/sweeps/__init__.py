"""Jobs that sweep the rows that are due: a row that fails is tried later and later, and the office sees what is stuck."""
