"""The rows of the sweeps app."""

from hubportal.sweeps.models.postponed_row import PostponedRow
from hubportal.sweeps.models.sweep_count import SweepCount

__all__ = ["PostponedRow", "SweepCount"]
