"""The rows of the call_questions app."""

from call_questions.models.call_answer import CallAnswer
from call_questions.models.call_question import CallQuestion
from call_questions.models.earlier_answer import EarlierAnswer

__all__ = ["CallAnswer", "CallQuestion", "EarlierAnswer"]
