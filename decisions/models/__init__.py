"""The rows of the decisions app."""

from decisions.models.decision import Decision
from decisions.models.decision_draft import DecisionDraft
from decisions.models.withdrawn_decision import WithdrawnDecision

__all__ = ["Decision", "DecisionDraft", "WithdrawnDecision"]
