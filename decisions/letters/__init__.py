"""The PDFs of this app."""
