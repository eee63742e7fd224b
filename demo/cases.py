"""The cases of the demo: made-up coalitions in real regions."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from calls.enums import Outcome
from regions.models import Region

_DIGITS = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")


@dataclass(frozen=True)
class DemoCase:
    """One coalition's application, and what becomes of it."""

    number: int
    region: Region
    partners: int
    asked: Decimal
    score: int
    outcome: Outcome
    granted: Decimal
    months: int

    def person(self, name: str) -> str:
        """Return the name of somebody of this case: a name of a person has no digits."""
        return f"{name} {''.join(_DIGITS[int(each)] for each in str(self.number)).capitalize()}"

    @property
    def coalition(self) -> str:
        """Return the name of the coalition."""
        return f"Voorbeeldcoalitie {self.region.name} {self.number}"

    @property
    def title(self) -> str:
        """Return the title of the project."""
        return f"Samen beginnen in {self.region.name} (voorbeeld {self.number})"

    @property
    def lead(self) -> str:
        """Return the name of the lead organisation."""
        return f"Stichting Voorbeeldstem {self.region.name} {self.number}"

    def partner(self, index: int) -> str:
        """Return the name of a partner."""
        kinds = ("Vereniging Proefpanel", "Stichting Testnaasten", "Coöperatie Schijnkracht")
        return f"{kinds[index % len(kinds)]} {self.region.name} {self.number}"

    def kvk_number(self, index: int) -> str:
        """Return a number that no register gives out: they end well below 99 million."""
        return f"{99_000_000 + self.number * 100 + index}"


def cases(regions: list[Region], count: int, *, start: int = 1) -> Iterator[DemoCase]:
    """Yield cases one after another through the regions; the same numbers give the same cases."""
    for number in range(start, start + count):
        asked = Decimal(28_000 + (number * 3_517) % 22_000).quantize(Decimal("0.01"))
        score = (5, 4, 2, 4, 3, 1, 4)[number % 7]
        outcome = Outcome.GRANTED if score >= 3 else Outcome.REJECTED
        # A score of three is granted in part, so that the advised and the asked amount differ.
        granted = asked if score > 3 else (asked * Decimal("0.8")).quantize(Decimal("0.01"))
        yield DemoCase(
            number=number,
            region=regions[(number * 7) % len(regions)],
            partners=1 + number % 3,
            asked=asked,
            score=score,
            outcome=outcome,
            granted=granted if outcome == Outcome.GRANTED else Decimal("0.00"),
            months=4 + number % 3,
        )
