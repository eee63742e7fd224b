"""The rows of the imports app."""

from imports.models.import_row import ImportRow
from imports.models.map_import import MapImport

__all__ = ["ImportRow", "MapImport"]
