"""Official outlines: taken whole from WGS84 or RD New, or refused with all reasons and nothing changed."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from hubportal.audit.models import AuditEvent
from regions.domain.boundaries import RefusedBoundaries, read_boundaries
from regions.domain.grid import rd_of
from regions.domain.labels import rings_of
from regions.domain.loading import load_regions
from regions.domain.outlines import import_boundaries
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db

# Three squares of ten kilometres beside each other, in metres of the national grid.
SQUARES = {"GM0001": (120_000, 480_000), "GM0002": (130_000, 480_000), "GM0003": (140_000, 480_000)}
SIDE = 10_000


@pytest.fixture
def regions() -> list[Region]:
    west, east = (
        RegionFactory.create(name="West", code="ZK01"),
        RegionFactory.create(name="Oost", code="ZK02"),
    )
    for code, region in zip(SQUARES, (west, west, east), strict=True):
        MunicipalityFactory.create(code=code, region=region)
    return [west, east]


def square(x: float, y: float, side: float = SIDE) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(code: str, ring: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"statcode": code, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def file_of(features: list[dict[str, Any]], *, crs: str = "urn:ogc:def:crs:EPSG::28992") -> bytes:
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(content).encode()


def squares() -> list[dict[str, Any]]:
    return [feature(code, square(*place)) for code, place in SQUARES.items()]


def in_degrees(ring: list[list[float]]) -> list[list[float]]:
    """Return a ring in degrees, near enough: by how far a degree is at Amersfoort."""
    return [[5.38720621 + (x - 155_000) / 68_434, 52.1551744 + (y - 463_000) / 111_260] for x, y in ring]


def test_places_of_which_both_coordinates_are_known_are_found_within_a_metre() -> None:
    places = shapely.get_coordinates(
        shapely.MultiPoint([(4.88352559, 52.37453253), (5.38720621, 52.1551744)])
    )
    found = [[round(x), round(y)] for x, y in rd_of(places)]
    # The tower of the Westerkerk in Amsterdam, and the church of Amersfoort.
    assert found == [[120_701, 487_526], [155_000, 463_000]]


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::28992", "EPSG:28992", ""])
def test_regions_are_drawn_as_their_municipalities_together(regions: list[Region], crs: str) -> None:
    assert import_boundaries(data=file_of(squares(), crs=crs), source="gemeenten.geojson", at=AT) == 2
    west, east = Region.objects.order_by("code")
    (left,), (right,) = rings_of(west.shape), rings_of(east.shape)
    assert set(left) == {(8, 8), (8, 269.3), (530.7, 8), (530.7, 269.3)}
    assert set(right) == {(530.7, 8), (530.7, 269.3), (792, 8), (792, 269.3)}
    assert {west.view_box, east.view_box} == {west.view_box}
    assert west.outline_source == "gemeenten.geojson"
    assert west.label["lines"][0][2] == "West"
    assert AuditEvent.objects.filter(act="regions.outlines_drawn").count() == 1


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", ""])
def test_degrees_draw_the_same(regions: list[Region], crs: str) -> None:
    features = [feature(code, in_degrees(square(*place))) for code, place in SQUARES.items()]
    known = read_boundaries(file_of(features, crs=crs), SQUARES)
    assert {code: round(each.area / 1e6) for code, each in known.items()} == dict.fromkeys(SQUARES, 100)


def broken(change: Any) -> bytes:
    features = squares()
    change(features)
    return file_of(features)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no json", "This is no GeoJSON with features."),
        (b'{"type": "FeatureCollection"}', "This is no GeoJSON with features."),
        (file_of(squares(), crs="EPSG:3857"), "Its coordinates are neither WGS84 nor RD New (EPSG:28992)."),
        (
            file_of(squares(), crs="EPSG:4326"),
            "GM0001 lies outside the Netherlands, read as WGS84 (longitude first).",
        ),
        (broken(lambda all_: all_.pop()), "Missing: GM0003 (1)."),
        (
            broken(lambda all_: all_.append(feature("GM9999", square(160_000, 480_000)))),
            "Unknown here: GM9999 (1).",
        ),
        (broken(lambda all_: all_.append(all_[0])), "GM0001 stands in it twice."),
        (
            broken(lambda all_: all_[0]["properties"].clear()),
            "Feature 1 has no code of a municipality, such as GM0363.",
        ),
        (
            broken(lambda all_: all_[0]["geometry"]["coordinates"][0].pop()),
            "GM0001 has a line that is not closed.",
        ),
        (broken(lambda all_: all_[0].update(geometry=None)), "GM0001 is no area (Polygon or MultiPolygon)."),
        (broken(lambda all_: all_[0].update(geometry=["x"])), "GM0001 is no area (Polygon or MultiPolygon)."),
        (
            broken(lambda all_: all_[0]["geometry"].update(type=["Polygon"])),
            "GM0001 is no area (Polygon or MultiPolygon).",
        ),
        (
            broken(lambda all_: all_[0]["geometry"].pop("coordinates")),
            "GM0001 has coordinates that cannot be read.",
        ),
        (
            broken(lambda all_: all_[0].update(properties=["GM0001"])),
            "Feature 1 has no code of a municipality, such as GM0363.",
        ),
        (
            broken(lambda all_: all_[1]["geometry"]["coordinates"].__setitem__(0, square(900_000, 0))),
            "GM0002 lies outside the Netherlands, read as RD New.",
        ),
        (
            broken(
                lambda all_: all_[0]["geometry"]["coordinates"].__setitem__(
                    0,
                    [
                        [120_000, 480_000],
                        [130_000, 490_000],
                        [130_000, 480_000],
                        [120_000, 490_000],
                        [120_000, 480_000],
                    ],
                )
            ),
            "GM0001 is no sound area: Self-intersection[125000 485000].",
        ),
        (
            broken(lambda all_: all_[1]["geometry"]["coordinates"].__setitem__(0, square(120_000, 480_000))),
            "Municipalities lie over each other.",
        ),
        (
            broken(lambda all_: all_[0]["geometry"]["coordinates"][0].__setitem__(1, ["x", None])),
            "GM0001 has coordinates that cannot be read.",
        ),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_why(regions: list[Region], data: bytes, reason: str) -> None:
    before = list(Region.objects.order_by("pk").values())
    with pytest.raises(RefusedBoundaries) as refused:
        import_boundaries(data=data, source="fout.geojson", at=AT)
    assert reason in refused.value.reasons
    assert list(Region.objects.order_by("pk").values()) == before
    assert not AuditEvent.objects.exists()


def test_the_command_says_what_became_of_the_file(
    regions: list[Region], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, wrong = tmp_path / "goed.geojson", tmp_path / "fout.geojson"
    good.write_bytes(file_of(squares()))
    wrong.write_bytes(file_of(squares()[:1]))
    call_command("import_boundaries", str(good))
    assert capsys.readouterr().out == "2 regions drawn by goed.geojson\n"
    with pytest.raises(CommandError, match=r"Nothing was changed\.\nMissing: GM0002, GM0003 \(2\)\."):
        call_command("import_boundaries", str(wrong))
    with pytest.raises(CommandError, match=r"Nothing was changed\. .*weg\.geojson"):
        call_command("import_boundaries", str(tmp_path / "weg.geojson"))
    assert set(Region.objects.values_list("outline_source", flat=True)) == {"goed.geojson"}


def test_official_outlines_stay_when_reference_data_are_loaded_again_and_the_map_says_so(
    client: Client,
) -> None:
    folder = settings.BASE_DIR / "fixtures"
    load_regions(folder)
    assert "schematisch" in client.get(reverse("website:map")).content.decode()
    Region.objects.update(shape="M0 0L1 0L1 1Z", outline_source="gemeenten_2024.geojson")
    load_regions(folder)
    assert set(Region.objects.values_list("shape", flat=True)) == {"M0 0L1 0L1 1Z"}
    page = client.get(reverse("website:map")).content.decode()
    assert "schematisch" not in page
    assert "gemeenten_2024.geojson" in page


def test_what_generalising_left_of_an_island_is_taken_out_of_an_outline() -> None:
    """Such pieces stand in files that are generalised: here a line where an island was, and a loop of a square metre."""
    features = squares()
    whole = features[0]["geometry"]["coordinates"]
    line = [[121_000, 470_000], [121_400, 470_300], [121_000, 470_000], [121_000, 470_000]]
    loop = [
        [122_000, 470_000],
        [122_001, 470_001],
        [122_001, 470_000],
        [122_000, 470_001],
        [122_000, 470_000],
    ]
    features[0]["geometry"] = {"type": "MultiPolygon", "coordinates": [whole, [line], [loop]]}
    known = read_boundaries(file_of(features), SQUARES)
    assert round(known["GM0001"].area / 1e6) == 100
    assert all(each.is_valid for each in known.values())
