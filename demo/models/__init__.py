"""The rows of the demo app."""

from demo.models.clock_offset import ClockOffset

__all__ = ["ClockOffset"]
