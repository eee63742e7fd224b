"""What the office sees of help that coalitions ask."""
