"""The regional picture of a region: its text, and one that is being made."""

from datetime import datetime, timedelta
from uuid import UUID

from hubportal.accounts.models import User
from pictures.domain.regional_pictures import ask_for_regional_picture
from pictures.domain.regional_texts import save_regional_text
from pictures.enums import Readers
from pictures.regional_queries import text_of
from regions.models import Region

_TEXT = """Dit is een bedachte tekst, om het portaal te laten zien.

In deze regio spreken cliëntenraden en patiënten al mee. Bewoners hebben nog niet overal een plek. Daar gaan we dit jaar mee verder."""
_EARLIER = "Dit is een bedachte tekst. In deze regio spreken cliëntenraden en patiënten al mee."
_SOURCES = "Bedachte gesprekken met bedachte organisaties\nBedachte bijeenkomst in het buurthuis"
# Always the same, so that filling the demo twice asks for one.
_KEY = UUID("6d1c5b0e-52a6-4c8e-9a51-3a4f2f7f0a01")


def write_regional_picture(region: Region, actor: User, *, at: datetime) -> None:
    """Write the text of a region, with an earlier version of it, and have its picture made."""
    if text_of(region).version:
        return
    day_before = at - timedelta(days=1)
    save_regional_text(region=region, text=_EARLIER, sources="", seen_version=0, actor=actor, at=day_before)
    save_regional_text(region=region, text=_TEXT, sources=_SOURCES, seen_version=1, actor=actor, at=at)
    ask_for_regional_picture(region=region, readers=Readers.EVERYBODY, key=_KEY, actor=actor, at=at)
