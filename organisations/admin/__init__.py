"""Pages of the programme office about who speaks for an organisation."""
