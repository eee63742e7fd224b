"""What residents type to a kwartiermaker, and what that person shows of themselves."""
