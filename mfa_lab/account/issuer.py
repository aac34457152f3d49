"""What an account makes up: access keys, tokens, seeds of devices, ids of requests.

With a seed they are the same in every run, so that the stored outputs of a notebook can be
compared. Keys carry the mark EXAMPLE, as those in AWS's documentation do: secret scanners know it.
"""

from __future__ import annotations

import base64
import random
import uuid
from typing import Final

LONG_TERM: Final = "AKIA"
TEMPORARY: Final = "ASIA"

_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_MARK: Final = "EXAMPLE"
_KEY_ID_LENGTH: Final = 20
_SECRET_LENGTH: Final = 40
_SEED_BYTES: Final = 40  # 64 characters in base 32, as AWS's seeds have


class Issuer:
    """A source of keys and ids.

    Args:
        seed: The same seed gives the same keys in the same order; None for the system's
            randomness.
    """

    def __init__(self, seed: int | str | None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def access_key_id(self, prefix: str) -> str:
        """Return an access key id of 20 characters.

        Args:
            prefix: `AKIA` for a long-term key, `ASIA` for a temporary one.
        """
        return prefix + self._letters(_BASE32, _KEY_ID_LENGTH - len(prefix + _MARK)) + _MARK

    def secret_access_key(self) -> str:
        """Return a secret access key of 40 characters."""
        mark = f"{_MARK}KEY"
        return self._letters(_SECRET, _SECRET_LENGTH - len(mark)) + mark

    def session_token(self) -> str:
        """Return a session token."""
        return "IQoJb3JpZ2luX2Vj" + self._letters(_SECRET, 160) + _MARK

    def device_seed(self) -> str:
        """Return the secret of a virtual MFA device, 64 characters in base 32."""
        return base64.b32encode(self._random.randbytes(_SEED_BYTES)).decode("ascii")

    def unique_id(self, prefix: str) -> str:
        """Return an IAM unique id of 21 characters, such as AIDA… for a user."""
        return prefix + self._letters(_BASE32, 17)

    def request_id(self) -> str:
        """Return the id of a request."""
        return str(uuid.UUID(bytes=self._random.randbytes(16), version=4))

    def _letters(self, alphabet: str, count: int) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(count))
