"""From degrees to the national grid: RD New (EPSG:28992), within a metre."""

from typing import Any

# Schreutelkamp and Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en WGS84-kaartcoördinaten",
# Geodesia 2001: coefficients of powers of latitude and longitude, from the church tower of Amersfoort.
_AMERSFOORT = (52.15517440, 5.38720621)
_ORIGIN = (155_000.0, 463_000.0)
_EAST = {
    (0, 1): 190094.945, (1, 1): -11832.228, (2, 1): -114.221, (0, 3): -32.391, (1, 0): -0.705,
    (3, 1): -2.340, (1, 3): -0.608, (0, 2): -0.008, (2, 3): 0.148,
}  # fmt: skip
_NORTH = {
    (1, 0): 309056.544, (0, 2): 3638.893, (2, 0): 73.077, (1, 2): -157.984, (3, 0): 59.788,
    (0, 1): 0.433, (2, 2): -6.439, (1, 1): -0.032, (0, 4): 0.092, (1, 4): -0.054,
}  # fmt: skip


def rd_of(places: Any) -> Any:
    """Return places in metres, east and north, of an array of longitudes and latitudes in degrees."""
    longitude, latitude = places[:, 0], places[:, 1]
    up, along = 0.36 * (latitude - _AMERSFOORT[0]), 0.36 * (longitude - _AMERSFOORT[1])
    east, north = (
        start + sum(value * up**p * along**q for (p, q), value in powers.items())
        for start, powers in zip(_ORIGIN, (_EAST, _NORTH), strict=True)
    )
    metres = places.copy()
    metres[:, 0], metres[:, 1] = east, north
    return metres
