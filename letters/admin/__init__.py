"""The pages of this app in the admin site."""
