"""The drawings of a regional picture are whole, whatever an organisation is called (rule 33)."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from pictures.enums import Readers
from pictures.views import regional_pdf
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import mapper_of
from tests.pictures.regional import asked, written

pytestmark = pytest.mark.django_db

# It becomes one sign with a bracket before it, and with an equals sign.
STROKE = "\u0338"


def test_an_accent_in_front_of_a_name_stays_out_of_the_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    region = RegionFactory.create()
    mapper = mapper_of(region)
    one, other = (mapped(f"{STROKE}{name} font-size=99", region, mapper) for name in ("Raad", "Kring"))
    tie_organisations(
        one_id=one.pk, other_id=other.pk, kind=TieKind.PART_OF, region=region, actor=mapper, at=AT
    )
    drawn: list[Any] = []

    def kept(*, context: dict[str, Any], **_document: Any) -> bytes:
        drawn.extend(context["parts"])
        return b"%PDF-"

    monkeypatch.setattr(regional_pdf, "render_pdf", kept)
    written(region, mapper)
    regional_pdf.regional_pdf(asked(region, mapper, Readers.REGION), AT)
    trees = [ET.fromstring(each.drawing) for each in drawn if each.drawing]
    words = {text.strip() for tree in trees for text in tree.itertext()}
    assert {one.name, other.name} <= words
