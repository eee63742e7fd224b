"""The rows of the takeovers app."""

from takeovers.models.takeover import Takeover
from takeovers.models.takeover_proof import TakeoverProof

__all__ = ["Takeover", "TakeoverProof"]
