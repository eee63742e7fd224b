"""Colours of the tokens keep the contrast that WCAG 2.2 AA asks, in light and in dark."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "frontend" / "css" / "tokens.css").read_text(encoding="utf-8")
LIGHT_TEXT, DARK_TEXT = TOKENS.split("@media (prefers-color-scheme: dark)")
LIGHT = dict(re.findall(r"--hub-([a-z-]+): (#[0-9a-f]{6});", LIGHT_TEXT))
DARK = LIGHT | dict(re.findall(r"--hub-([a-z-]+): (#[0-9a-f]{6});", DARK_TEXT))

TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *(
        (colour, ground, TEXT)
        for colour in ("ink", "muted", "primary", "error")
        for ground in ("canvas", "surface", "tint")
    ),
    *((colour, ground, TEXT) for colour in ("accent",) for ground in ("canvas", "surface")),
    *((kind, f"{kind}-tint", TEXT) for kind in ("info", "ok", "warning", "error")),
    *(("ink", f"{kind}-tint", TEXT) for kind in ("info", "ok", "warning", "error")),
    *(("primary", f"{kind}-tint", TEXT) for kind in ("info", "ok", "warning", "error")),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-error", "error", TEXT),
    ("on-error", "error-hover", TEXT),
    ("on-deep", "deep", TEXT),
    ("on-deep-muted", "deep", TEXT),
    ("on-deep-accent", "deep", SHAPE),
    *(("control", ground, SHAPE) for ground in ("canvas", "surface", "tint")),
    *(("focus", ground, SHAPE) for ground in ("canvas", "surface", "tint")),
]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_keep_their_contrast(colours: dict[str, str]) -> None:
    too_weak = [
        (colour, ground, round(contrast(colours[colour], colours[ground]), 2))
        for colour, ground, least in PAIRS
        if contrast(colours[colour], colours[ground]) < least
    ]
    assert too_weak == []
