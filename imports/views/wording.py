"""What the map says in a column, in the words that an import reads back."""

from collections.abc import Mapping
from typing import Any

from mapping.enums import TalkState
from mapping.forms.fields import names_of
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.streams import Stream

_LABELS: Mapping[str, Mapping[str, Any]] = {
    "streams": dict(Stream.choices),
    "role": dict(ActorRole.choices),
    "reach": dict(Reach.choices),
    "domains": dict(CareDomain.choices),
    "talk": dict(TalkState.choices),
}


def in_words(name: str, value: Any) -> str:
    """Return the value of a column in words; nothing for what is not known."""
    if not value:
        return ""
    if name == "reaches":
        return names_of(value)
    if name == "next_on":
        return str(value.strftime("%d-%m-%Y"))
    if name in _LABELS:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(_LABELS[name][each]) for each in chosen)
    return str(value)
