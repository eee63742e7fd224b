"""Who may open which address: every address of the project, for everybody."""
