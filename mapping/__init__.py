"""The work of a kwartiermaker: the organisations on the map of a region, and its participation questions."""
