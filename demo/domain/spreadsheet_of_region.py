"""A spreadsheet that waits for the kwartiermaker: new rows, one that may be known already, wrong ones, and words that are in no list."""

from datetime import datetime
from uuid import uuid4

from hubportal.accounts.models import User
from imports.domain.importing import begin_import
from imports.domain.reading import read_at_once
from imports.forms.rows import RowReader
from regions.models import Region


def leave_a_spreadsheet(region: Region, kwartiermaker: User, *, at: datetime) -> None:
    """Let the kwartiermaker begin an import, and leave it there."""
    first, second = region.municipalities.order_by("code").values_list("name", flat=True)[:2]
    rows = (
        "Naam;Soort;Gemeente;KvK-nummer;Gesprek;Opmerkingen",
        f"Huiskamer De Verzinsels (fictief);Bewonersinit.;{first};;nog bellen;Iedere dinsdag open",
        f"Ouderenraad Bedacht (fictief);;{first}, {second};;;",
        f"Clientenraad Testzorg {region.name};;{second};;gesproken;Vroeg om een terugbelverzoek",
        f"Zwemclub Proefwater (fictief);;Gemeente {first};9765;;Nummer nazoeken",
        "Leesgroep Letters (fictief);bewonersinit;Nergenshuizen;;;",
    )
    begun = begin_import(
        key=uuid4(),
        region=region,
        title="contacten-oud.csv",
        content="\r\n".join(rows).encode("cp1252"),
        actor=kwartiermaker,
        at=at,
    )
    read = RowReader()
    read_at_once(import_id=begun.pk, read=read, words=read.words, at=at)
