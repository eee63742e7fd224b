"""Letters of decisions: released by somebody who read them, and what their PDF is made of."""

import json
from typing import Any

from decisions.domain.releasing import release_letter_of_decision
from letters.models import Letter
from tests.factories.granting import read
from tests.factories.moments import moment
from tests.factories.scenarios import plain_pdf, produced

RELEASED_AT = moment("2024-06-13T14:00")
PRODUCED_AT = moment("2024-06-26T10:00")


def release(case: Any, actor: Any) -> Letter:
    """Release the letter of an application by somebody who read it."""
    seen = read(case.decision, at=RELEASED_AT)
    return release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=actor, at=RELEASED_AT)


def words(case: Any) -> dict[str, Any]:
    """Return the frozen words of the letter of an application."""
    content: dict[str, Any] = json.loads(bytes(Letter.objects.get(decision__application=case).content))
    return content


def seen(case: Any, **values: Any) -> dict[str, Any]:
    """Produce the letter and return what its PDF was made of."""
    kept: list[dict[str, Any]] = []
    produced(case, make_pdf=keeping(kept), **values)
    return kept[0]


def keeping(kept: list[dict[str, Any]]) -> Any:
    """Return what makes a PDF and keeps what it is made of."""

    def make(content: dict[str, Any], code: str, at: Any) -> bytes:
        kept.append(content)
        return plain_pdf(content, code, at)

    return make
