"""The rows of the decisions app."""

from decisions.models.decision import Decision

__all__ = ["Decision"]
