"""Pictures of the map of a region, each with a table that says the same."""
