"""Secrets of links that work once: made, kept as a digest alone, and taken out of the mails that brought them."""

import hashlib
import re
import secrets

from hubportal.kernel.errors import RuleViolation

# What ``token_urlsafe`` makes of 32 bytes.
_SECRET = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")


class DeadLink(RuleViolation):
    """The link was used, replaced or has expired; the sentence says which."""


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> str:
    """Return the digest under which a secret is stored; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def without_secret(text: str, digest: str) -> str:
    """Return a text in which the secret with a digest is left out: it opens nothing any more, and need not be kept."""
    return _SECRET.sub(lambda found: "…" if secret_digest(found[0]) == digest else found[0], text)
