"""The pages about people, mails and events in the admin site."""
