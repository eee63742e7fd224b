"""The rows of the demo app."""

from hubportal.demo.models.clock_offset import ClockOffset

__all__ = ["ClockOffset"]
