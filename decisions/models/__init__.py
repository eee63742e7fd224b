"""The rows of the decisions app."""

from decisions.models.bank_account import BankAccount
from decisions.models.decision import Decision
from decisions.models.decision_draft import DecisionDraft
from decisions.models.granted_line import GrantedLine
from decisions.models.withdrawn_decision import WithdrawnDecision

__all__ = ["BankAccount", "Decision", "DecisionDraft", "GrantedLine", "WithdrawnDecision"]
