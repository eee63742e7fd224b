"""What can be recorded: acts with the facts that are written down with them, and how both read.

An app declares its acts in its own ``events.py``; ``domain.collecting`` gathers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


@dataclass(frozen=True)
class Fact:
    """Something that is written down with an act: its key in the row, its label, and what its values mean."""

    name: str
    # Empty where it is never shown.
    label: Words = ""
    values: Mapping[str, Words] = field(default_factory=dict)
    # The value lists fields of the row on which the act was done.
    are_fields: bool = False
    # The value is shown by its beginning.
    is_digest: bool = False


@dataclass(frozen=True)
class Act:
    """An act that is recorded: its name, kept in the event log for good, and how it reads.

    The facts of an act that judges are not shown: what reviewers and office think of an application is not
    an administrator's to read.
    """

    name: str
    words: Words
    facts: tuple[Fact, ...] = ()
    is_judging: bool = False
    # The name under which several acts are shown as one, without facts: which of them it was is not told there.
    shown_as: str = ""
    # Whoever does it steers an application, and so takes part in its call (rules 14 and 29).
    is_steering: bool = False

    @property
    def namespace(self) -> str:
        """Return what the act is about, as its name begins."""
        return namespace_of(self.name)

    def check_facts(self, facts: Mapping[str, object]) -> None:
        """Raise ``ValueError`` for a fact that the act does not declare."""
        undeclared = set(facts) - {each.name for each in self.facts}
        if undeclared:
            raise ValueError(f"{self.name} does not declare {', '.join(sorted(undeclared))}")


def namespace_of(act: str) -> str:
    """Return what an act is about, as its name begins."""
    return act.partition(".")[0]
