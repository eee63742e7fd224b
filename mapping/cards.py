"""The card of an organisation: what visitors read of it, as one text that can be agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hubportal.kernel.canonical import canonical_bytes, digest
from mapping.models import PublishingRequest
from organisations.models import Organisation
from organisations.streams import Stream


@dataclass(frozen=True)
class Card:
    """What visitors read of an organisation beside its ties."""

    name: str
    # By its code, with what it is called.
    municipality: str = ""
    seat: str = ""
    streams: list[str] = field(default_factory=list)
    description: str = ""
    public_contact: str = ""
    website: str = ""

    @property
    def stream_labels(self) -> list[str]:
        """Return the words of its streams."""
        return [str(Stream(each).label) for each in self.streams if each in Stream.values]

    @property
    def kept(self) -> dict[str, Any]:
        """Return the text as it is kept."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its canonical bytes, by which it is proved what somebody agreed to."""
        return digest(canonical_bytes({"version": 1, **self.kept}))

    def with_draft(self, draft: Mapping[str, Any]) -> Card:
        """Return the text with what the organisation wrote itself."""
        return replace(self, **{name: value for name, value in draft.items() if name in _NAMES})

    def differing(self, other: Card) -> list[str]:
        """Return the names of the fields in which two texts differ."""
        return [name for name in CORRECTED if getattr(self, name) != getattr(other, name)]


_NAMES = frozenset(each.name for each in fields(Card))
# What an organisation can correct; the name of its seat follows from the code.
CORRECTED = ("name", "municipality", "streams", "description", "public_contact", "website")


@dataclass(frozen=True)
class ShownCard:
    """A card with who answers for it: the organisation since a moment, or else the kwartiermaker."""

    key: UUID
    card: Card
    agreed_at: datetime | None = None


def card_of(organisation: Organisation) -> Card:
    """Return the card as the map has it now."""
    seat = organisation.municipality
    return Card(
        name=organisation.name,
        municipality=seat.code if seat else "",
        seat=seat.name if seat else "",
        streams=list(organisation.streams),
        description=organisation.description,
        public_contact=organisation.public_contact,
        website=organisation.website,
    )


def agreed_card(request: PublishingRequest) -> Card:
    """Return the card that an organisation agreed to."""
    return Card(**{name: value for name, value in (request.text or {}).items() if name in _NAMES})


def shown_card(organisation: Organisation, agreement: PublishingRequest | None) -> ShownCard:
    """Return what visitors read: what the organisation agreed to, or else what the map has now."""
    if agreement is None:
        return ShownCard(organisation.map_key, card_of(organisation))
    return ShownCard(organisation.map_key, agreed_card(agreement), agreement.answered_at)


def asked_card(request: PublishingRequest) -> Card:
    """Return the card to which an organisation can agree: as the map has it now, with what it corrected."""
    return card_of(request.organisation).with_draft(request.draft)
