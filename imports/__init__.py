"""Rows of a spreadsheet on the map of a region, and the map as a spreadsheet."""
