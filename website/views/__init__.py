"""What visitors and people who are logged in see first."""
