"""The admin site and its frame, and its pages about people, mails and events; above the rooms that these concern."""
