"""How an app tells that one of its rows breaks a rule."""

from typing import NamedTuple


class Violation(NamedTuple):
    """One row that breaks one rule of PRODUCT.md 3; ``row`` is its primary key."""

    rule: int
    model: str
    row: int | None
    sentence: str

    def __str__(self) -> str:
        where = f"{self.model} {self.row}" if self.row is not None else self.model
        return f"rule {self.rule}: {where}: {self.sentence}"
