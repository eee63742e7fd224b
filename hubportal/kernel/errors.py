"""Refusals: each carries a full sentence in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class RuleViolation(Exception):  # noqa: N818 -- it names what happened, as its subclasses do
    """A refusal by a rule of the portal; ``field`` names the form field it concerns, if any."""

    def __init__(self, message: str | _StrPromise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(RuleViolation):
    """The person lacks the permission."""
