"""The rows of the decisions app."""

from decisions.models.decision import Decision
from decisions.models.decision_letter import DecisionLetter

__all__ = ["Decision", "DecisionLetter"]
