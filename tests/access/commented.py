"""What is said about the draft of the world, in each part that can be commented on."""

from uuid import UUID

from applications.domain.comments import Place, answer_comment, mark_of, write_comment
from applications.enums import Part
from applications.queries.comments import passages
from tests.factories import scenarios
from tests.factories.moments import AT

COMMENT = "Kanarie in een opmerking"
# Who was invited to write along, and did not answer.
INVITED = "Mies Meeschrijver (fictief)"


def comment_on(draft: "scenarios.Case") -> None:
    """Comment on a paragraph, on the budget and on title and dates, and answer the first."""
    key = draft.call.sections.all()[0].key
    [said, *_more] = passages(draft, part=Part.SECTION, key=key)
    places = (Place(Part.SECTION, key, mark_of(said)), Place(Part.BUDGET), Place(Part.PARTICULARS))
    written = [
        write_comment(
            reference=draft.reference,
            place=place,
            text=f"{COMMENT} over {place.part}",
            added_with=UUID(int=number),
            actor=draft.applicant,
            at=AT,
        )
        for number, place in enumerate(places)
    ]
    answer_comment(
        reference=draft.reference,
        comment_id=written[0].pk,
        text=f"{COMMENT} die antwoordt",
        added_with=UUID(int=99),
        actor=draft.applicant,
        at=AT,
    )
