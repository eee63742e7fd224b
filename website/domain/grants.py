"""What everybody may know of a grant (rules 22, 23 and 26)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hubportal.kernel.clock import local_date
from hubportal.kernel.periods import project_end
from mapping.agreement_queries import agreements_of
from mapping.cards import agreed_card
from mapping.queries import public_before_merging
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


@dataclass(frozen=True)
class _Named:
    """An organisation as a grant shows it: whether its name is public, and where it stands in the order of names."""

    key: int
    name: str
    sort_name: str
    is_public: bool


def _now(organisation: Organisation, merged_lately: Mapping[int, bool]) -> _Named:
    """Return how an organisation is named: as the map goes on with it, once a merge is past undoing.

    Until then a merge may be a mistake: it keeps the name that it had, if that was public and neither is hidden since.
    """
    now = organisation.now_as or organisation
    was_public = merged_lately.get(organisation.pk)
    if was_public is not None:
        return _named(organisation, is_public=was_public and now.published_at is not None)
    return _named(now, is_public=now.published_at is not None)


def _named(organisation: Organisation, *, is_public: bool) -> _Named:
    return _Named(organisation.pk, organisation.name, organisation.sort_name, is_public)


def _names_of(applications: Iterable[Any]) -> dict[int, _Named]:
    """Return how each organisation of these is named, by its key: as it agreed to be, if it did (rule 23)."""
    taking_part = {each.coalition.lead_organisation for each in applications}
    taking_part |= {one.participation.organisation for each in applications for one in each.agreements}
    gone = [each.pk for each in taking_part if each.now_as_id is not None]
    merged_lately = public_before_merging(gone) if gone else {}
    now = {each.pk: _now(each, merged_lately) for each in taking_part}
    public = {each.key for each in now.values() if each.is_public}
    agreed = {key: agreed_card(each).name for key, each in agreements_of(public).items()} if public else {}
    return {key: replace(each, name=agreed.get(each.key, each.name)) for key, each in now.items()}


def public_grants(applications: Iterable[Any]) -> Iterator[PublicGrant]:
    """Yield what is public of each of ``queries.grants_shown``."""
    shown = list(applications)
    now = _names_of(shown)
    for each in shown:
        coalition, lead = each.coalition, now[each.coalition.lead_organisation_id]
        agreed = {
            one.participation.organisation_id: now[one.participation.organisation_id]
            for one in each.agreements
        }
        # Two that are one now have one name.
        public = {one for one in agreed.values() if one.is_public}
        named = sorted(public, key=lambda one: (one.sort_name, one.key))
        assert each.starts_on is not None and each.duration_months is not None  # it was submitted
        yield PublicGrant(
            reference=each.reference,
            title=each.title,
            coalition=coalition.name,
            region=coalition.region.name,
            region_slug=coalition.region.slug,
            call=each.call.title,
            round_number=each.review_round.number if each.review_round else None,
            lead=lead.name if lead.is_public else "",
            partners=tuple(one.name for one in named),
            unnamed_partners=sum(one not in public for one in agreed.values()),
            starts_on=each.starts_on,
            ends_on=project_end(each.starts_on, each.duration_months),
            amount=each.decision.amount,
            # Of its release, and not of the letter's day: of a letter that came back nobody may learn that (rule 26).
            decided_on=local_date(each.decision.letter.released_at),
        )
