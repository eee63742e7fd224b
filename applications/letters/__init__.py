"""What the PDFs of this app say."""
