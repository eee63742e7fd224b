"""A key in hardware that signs without ever leaving it (PKCS#11): the only place that knows python-pkcs11."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.exceptions import ImproperlyConfigured

from hubportal.kernel.canonical import digest

_SCHEME = "pkcs11:"


class TokenUnavailable(Exception):  # noqa: N818 -- it names what happened
    """The token is away, or refuses to sign."""


@dataclass(frozen=True)
class TokenAddress:
    """Where a key is: the library that reaches the token, its label, and the label of the key (RFC 7512)."""

    module: str
    token: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "TokenAddress":
        """Read ``pkcs11:token=…;object=…?module-path=…``. Raises ``ImproperlyConfigured``."""
        path, _mark, query = uri.removeprefix(_SCHEME).partition("?")
        named = {
            name: unquote(value) for name, _is, value in (each.partition("=") for each in path.split(";"))
        }
        named |= dict(parse_qsl(query))
        if not uri.startswith(_SCHEME) or not {"token", "object", "module-path"} <= named.keys():
            raise ImproperlyConfigured(
                "HUBPORTAL_SIGNING_TOKEN must be like pkcs11:token=LABEL;object=LABEL?module-path=/path/to/library.so"
            )
        return cls(named["module-path"], named["token"], named["object"])


@dataclass(eq=False)
class TokenKey:
    """A private key on a token; opened at its first use, once per process."""

    address: TokenAddress
    pin: str
    is_elliptic: bool
    _opened_in: int = 0
    _key: Any = None
    _lock: Lock = field(default_factory=Lock)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of data with SHA-256: PKCS#1 v1.5, or ECDSA. Raises ``TokenUnavailable``."""
        # Here and below: only where there is a token is its library loaded.
        from pkcs11 import Mechanism

        # A session of a token does one thing at a time.
        with self._lock, _said_plainly():
            if self._key is None or self._opened_in != os.getpid():
                self._open()
            try:
                if not self.is_elliptic:
                    return bytes(self._key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
                # Few tokens hash for elliptic curves themselves.
                raw = bytes(self._key.sign(bytes.fromhex(digest(data)), mechanism=Mechanism.ECDSA))
            except Exception:
                # A token that was away has forgotten the session.
                self._key = None
                raise
            half = len(raw) // 2
            return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def _open(self) -> None:
        # Loaded at the first use.
        import pkcs11

        library = pkcs11.lib(self.address.module)
        # After a fork, or after the token was away, what the library remembers of it holds no more.
        library.reinitialize()
        token = library.get_token(token_label=self.address.token)
        _check_pin_was_not_refused(token)
        session = token.open(user_pin=self.pin)
        self._key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=self.address.key)
        self._opened_in = os.getpid()


def _check_pin_was_not_refused(token: Any) -> None:
    """Leave a token alone whose last PIN was wrong: a job that tried on would lock it for good."""
    # Loaded by now.
    from pkcs11 import TokenFlag

    refused = TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED
    if token.flags & refused:
        raise TokenUnavailable(
            "the last PIN that the token got was wrong: log in to it once with the right one by its own tool"
        )


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what the library raises into ``TokenUnavailable`` with its name."""
    # Loaded at the first use.
    from pkcs11 import PKCS11Error

    try:
        yield
    except (PKCS11Error, RuntimeError, OSError) as refused:
        raise TokenUnavailable(f"the token of the seal: {type(refused).__name__} {refused}") from refused
