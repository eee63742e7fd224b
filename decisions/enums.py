"""The kinds of letters that a decision causes."""

from enum import StrEnum


class LetterOfDecision(StrEnum):
    """Keys of ``letters.LetterKind``: the kinds of decision letters."""

    GRANTED = "decision_granted"
    PARTLY_GRANTED = "decision_partly_granted"
    REJECTED = "decision_rejected"
