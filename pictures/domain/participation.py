"""How many organisations take part in which question, in which form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mapping.enums import ParticipationForm

# What is public tells no smaller numbers: of one or two somebody could guess who they are, and so of the one or two public
# organisations that do not take part where all others do (rule 26).
FEWEST_TOLD = 3
_MOST_HIDDEN = FEWEST_TOLD - 1


@dataclass
class Involved:
    """Who is involved in a question: in each form, and in all."""

    forms: dict[str, set[int]] = field(
        default_factory=lambda: {each.value: set() for each in ParticipationForm}
    )

    @property
    def everybody(self) -> set[int]:
        """Return the keys of all, each once."""
        return set().union(*self.forms.values())


@dataclass(frozen=True)
class Told:
    """How many take part in a question, in each form and in all; ``None`` for a number that is not told."""

    forms: Mapping[str, int | None]
    everybody: int | None


def told_in_public(involved: Involved, whole: int) -> Told:
    """Return which numbers of a question visitors may read, where they can count ``whole`` public organisations (rule 26).

    What is not told cannot be reckoned from what is: where it could, only the number of all is told, or nothing.
    """
    numbers = {form: len(organisations) for form, organisations in involved.forms.items()}
    everybody, nothing = len(involved.everybody), dict.fromkeys(numbers)
    if not FEWEST_TOLD <= everybody <= whole - FEWEST_TOLD:
        # Nor a form of it: three in a form and nothing said of all would tell that nearly all take part.
        return Told(nothing, None)
    told = {form: number if number >= FEWEST_TOLD else None for form, number in numbers.items()}
    return Told(nothing if _can_be_reckoned(told, everybody) else told, everybody)


def _can_be_reckoned(told: Mapping[str, int | None], everybody: int) -> bool:
    """Tell whether the numbers of a question give away one that is not told, or who is in no form that is told."""
    seen = [each for each in told.values() if each is not None]
    hidden = len(told) - len(seen)
    if any(0 < everybody - each < FEWEST_TOLD for each in seen):
        return True
    # So many at least are in hidden forms alone, each of which holds one or two at most, or nobody.
    left = everybody - sum(seen)
    return bool(seen) and left > 0 and (hidden == 0 or left > _MOST_HIDDEN * (hidden - 1))


def involved_by_question(facts: Iterable[tuple[int, int, str]]) -> dict[int, Involved]:
    """Return who is involved, by question, of triples of a question, an organisation and a form."""
    found: dict[int, Involved] = {}
    for question, organisation, form in facts:
        found.setdefault(question, Involved()).forms[form].add(organisation)
    return found
