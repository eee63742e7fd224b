"""Geography: regions, their municipalities and postcodes, and finding one's region."""
