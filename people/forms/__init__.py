"""The forms of people, and of who keeps them."""
