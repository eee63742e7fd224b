"""How many organisations take part in which question, in which form."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mapping.enums import ParticipationForm

# What is public tells no smaller numbers: of one or two somebody could guess who they are (rule 26).
FEWEST_TOLD = 3


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


def involved_by_question(facts: Iterable[tuple[int, int, str]]) -> dict[int, Involved]:
    """Return who is involved, by question, of triples of a question, an organisation and a form."""
    found: dict[int, Involved] = {}
    for question, organisation, form in facts:
        found.setdefault(question, Involved()).forms[form].add(organisation)
    return found
