"""People who may take part in a region: asked first, kept by consent, erased at its end."""
