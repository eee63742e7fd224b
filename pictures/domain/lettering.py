"""Lines of text that fit a width, by what the signs of the font roughly take."""

_NARROW = frozenset("iljtfrI.,:;'|!()[]- ")
_WIDE = frozenset("mwMW@%—")


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in the unit of the size of its letters; rather more than less."""
    return size * sum(_width(each) for each in text)


def _width(sign: str) -> float:
    if sign in _NARROW:
        return 0.33
    if sign in _WIDE:
        return 0.86
    return 0.62 if sign.isupper() else 0.53


def shortened(text: str, width: float, size: float) -> str:
    """Return a text, or as much of it as fits with dots behind it."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, width: float, size: float, *, most: int) -> list[str]:
    """Return the lines of a text; what does not fit ends in dots."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shortened(each, width, size) for each in lines]
