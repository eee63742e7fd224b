"""The rows of the completions app."""

from completions.models.completion_file import CompletionFile
from completions.models.completion_point import CompletionPoint
from completions.models.completion_request import CompletionRequest

__all__ = ["CompletionFile", "CompletionPoint", "CompletionRequest"]
