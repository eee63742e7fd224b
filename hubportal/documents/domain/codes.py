"""Verification codes: short enough to type from paper, long enough never to be guessed."""

import re
import secrets

# Without vowels no words, without 0 O 1 I L U Y nothing to mistake for something else.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
_PREFIX = "HP"
_GROUPS = 3
_GROUP_LENGTH = 4

_SIGN = f"[{ALPHABET}]"
PRINTED = re.compile(rf"{_PREFIX}(?:-{_SIGN}{{{_GROUP_LENGTH}}}){{{_GROUPS}}}")
_BARE = re.compile(rf"(?:{_PREFIX})?({_SIGN}{{{_GROUPS * _GROUP_LENGTH}}})")


def new_verification_code() -> str:
    """Return a fresh code such as ``HP-7K2M-9QXT-4VNB`` (57 bits)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH))
    return _printed(signs)


def read_code(typed: str) -> str | None:
    """Return the code that was typed, however it was spaced, or ``None`` when it cannot be one."""
    bare = _BARE.fullmatch(re.sub(r"[^0-9A-Z]", "", typed[:100].upper()))
    return _printed(bare[1]) if bare else None


def _printed(signs: str) -> str:
    groups = (signs[start : start + _GROUP_LENGTH] for start in range(0, len(signs), _GROUP_LENGTH))
    return "-".join((_PREFIX, *groups))
