"""What every visitor sees."""
