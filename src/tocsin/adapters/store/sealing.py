"""Contact addresses sealed at rest: the key lies in the node's folder, never in the store or beside its backup."""

import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tocsin.adapters.store.columns import dump, load
from tocsin.errors import ConfigError

NONCE_BYTES = 12


class AddressSeal:
    """AES-256-GCM under one key, the place of the value authenticated with it: a row cannot be passed off as another."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, place: str) -> bytes:
        """Nonce and ciphertext. `place` is table and primary key, e.g. `person P-12`."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, raw: bytes, place: str) -> bytes:
        """The same for what is no text."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, raw, place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text that was sealed for that place. ConfigError if the key is another, or the row was moved or changed."""
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The same for what is no text."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise ConfigError(
                f"{place} cannot be unsealed: the store belongs to another keys/addresses, or the row was changed",
                hint="restore keys/ and store from the same backup",
            ) from None

    def seal_record(self, record: Any, place: str) -> bytes:
        """The whole record, as JSON, sealed."""
        return self.seal(dump(record), place)

    def open_record(self, sealed: bytes, kind: type[Any], place: str) -> Any:
        """The record that was sealed for that place."""
        return load(self.open(sealed, place), kind)
