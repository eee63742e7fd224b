"""How the map of regions is put together."""
