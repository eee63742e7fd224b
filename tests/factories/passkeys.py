"""A passkey without a device: answers what a browser would, with a key of its own."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

_SEEN, _VERIFIED, _ATTESTED = 1, 4, 64


class SoftPasskey:
    """One passkey of one person, for the portal as tests call it."""

    def __init__(
        self, number: int = 1, *, host: str = "testserver", shown_at: str = "", is_verified: bool = True
    ) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = bytes([number]) * 32
        self._host = hashlib.sha256(host.encode()).digest()
        self._origin = f"https://{shown_at or host}"
        self._flags = _SEEN | (_VERIFIED if is_verified else 0)

    def made(self, creation_options: dict[str, Any]) -> str:
        """Return what a browser sends of a passkey that was just made."""
        public = ES256.from_cryptography_key(self._key.public_key())
        attested = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        data = AuthenticatorData.create(self._host, self._flags | _ATTESTED, 0, attested)
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", creation_options),
            attestationObject=bytes(AttestationObject.create("none", data, {})),
        )

    def shown(self, request_options: dict[str, Any], *, user_handle: str = "") -> str:
        """Return what a browser sends of a passkey that somebody opened."""
        client_data = self._client_data("webauthn.get", request_options)
        data = AuthenticatorData.create(self._host, self._flags, 1)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=bytes(data),
            signature=self._key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=user_handle.encode(),
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = options["publicKey"]["challenge"]
        if isinstance(challenge, bytes):
            challenge = websafe_encode(challenge)
        said = {"type": kind, "challenge": challenge, "origin": self._origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        key = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": key,
                "rawId": key,
                "type": "public-key",
                "clientExtensionResults": {"credProps": {"rk": True}},
                "response": {name: websafe_encode(part) for name, part in parts.items()},
            }
        )
