"""What the committee wrote about the application with which a draft was begun, from the letter that said so."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from applications.models import Application
from decisions.queries import letters_visible_to
from hubportal.accounts.permissions import Person


class Score(NamedTuple):
    """The mean of the reviewers on one criterion, as the letter prints it."""

    criterion: str
    weight: str
    mean: str


@dataclass(frozen=True)
class Remarks:
    """The judgement of the committee in paragraphs, and its scores; Dutch, as it was sent."""

    reference: str
    judgement: Sequence[str]
    scale: str
    scores: Sequence[Score]


def remarks_before(
    draft: Application, reader: Person, *, criteria: Collection[str] | None = None
) -> Remarks | None:
    """Return what the letter said of the application with which a draft was begun; of these criteria alone where they are named.

    None without such a letter, and for whoever may not open it: who was invited to the draft alone (rule 37).
    """
    if draft.started_from_id is None:
        return None
    letter = letters_visible_to(reader).filter(decision__application=draft.started_from_id).first()
    annex = json.loads(bytes(letter.content))["annex"] if letter else None
    if letter is None or annex is None:
        return None
    _advised, judgement, scores = annex["sections"]
    rows = [Score(*row) for row in scores["rows"]]
    return Remarks(
        letter.about,
        judgement["paragraphs"],
        " ".join(scores["paragraphs"]),
        [each for each in rows if criteria is None or each.criterion in criteria],
    )
