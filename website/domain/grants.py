"""What everybody may know of a grant (rules 22, 23 and 26)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hubportal.kernel.clock import local_date
from hubportal.kernel.periods import project_end
from organisations.models import Organisation


@dataclass(frozen=True)
class PublicGrant:
    """A grant with the names that are public; ``lead`` is empty and ``unnamed_partners`` counts where they are not."""

    reference: str
    title: str
    coalition: str
    region: str
    region_slug: str
    call: str
    round_number: int | None
    lead: str
    partners: tuple[str, ...]
    unnamed_partners: int
    starts_on: date
    ends_on: date
    amount: Decimal
    decided_on: date


def _now(organisation: Organisation) -> Organisation:
    """Return an organisation as the map goes on with it: merged, or under another number."""
    return organisation.now_as or organisation


def public_grants(applications: Iterable[Any]) -> Iterator[PublicGrant]:
    """Yield what is public of each of ``queries.grants_shown``."""
    for each in applications:
        coalition, lead = each.coalition, _now(each.coalition.lead_organisation)
        agreed = {
            one.participation.organisation_id: _now(one.participation.organisation) for one in each.agreements
        }
        # Two that are one now have one name.
        public = {one for one in agreed.values() if one.published_at}
        named = sorted(public, key=lambda one: one.sort_name)
        assert each.starts_on is not None and each.duration_months is not None  # it was submitted
        yield PublicGrant(
            reference=each.reference,
            title=each.title,
            coalition=coalition.name,
            region=coalition.region.name,
            region_slug=coalition.region.slug,
            call=each.call.title,
            round_number=each.review_round.number if each.review_round else None,
            lead=lead.name if lead.published_at else "",
            partners=tuple(one.name for one in named),
            unnamed_partners=sum(one not in public for one in agreed.values()),
            starts_on=each.starts_on,
            ends_on=project_end(each.starts_on, each.duration_months),
            amount=each.decision.amount,
            # Of its release, and not of the letter's day: of a letter that came back nobody may learn that (rule 26).
            decided_on=local_date(each.decision.letter.released_at),
        )
