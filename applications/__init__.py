"""Applications: written together, submitted, sealed."""
