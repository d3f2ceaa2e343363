"""Asks callers for their password. Source: RFC 3261 §22, RFC 8760; computed by aiosipua."""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiosipua.auth import SipDigestAuth, build_credentials
from aiosipua.headers import AuthChallenge, parse_auth
from aiosipua.message import SipRequest

log = logging.getLogger(__name__)

NONCE_SECONDS = 120.0
"""How long a challenge may be answered."""


@dataclass(slots=True)
class Gatekeeper:
    """Knows the passwords of those who may call, by user name; with none, nobody comes in."""

    passwords: Mapping[str, str]
    realm: str = "hotline"
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def challenge(self) -> str:
        """A WWW-Authenticate header; its nonce is signed, so that nothing has to be remembered."""
        return f'Digest realm="{self.realm}", nonce="{self._nonce(time.time())}", algorithm=MD5, qop="auth"'

    def admits(self, request: SipRequest) -> bool:
        """Whether `request` bears the answer to a challenge of ours."""
        given = request.get_header("Authorization")
        if not given:
            return False
        told = parse_auth(given).params
        password = self.passwords.get(told.get("username", ""))
        return password is not None and self._is_ours(told.get("nonce", "")) and self._right(request, told, password)

    def _right(self, request: SipRequest, told: Mapping[str, str], password: str) -> bool:
        try:
            count = int(told.get("nc", "1"), 16)
        except ValueError:
            return False
        challenge = AuthChallenge("Digest", {"realm": self.realm, "nonce": told["nonce"], "qop": told.get("qop", "")})
        expected = build_credentials(
            SipDigestAuth(told["username"], password),
            challenge,
            request.method,
            told.get("uri", ""),
            nonce_count=count,
            cnonce=told.get("cnonce"),
        )
        return expected is not None and hmac.compare_digest(
            expected.params["response"].encode(), told.get("response", "").encode()
        )

    def _nonce(self, now: float) -> str:
        moment = f"{int(now):x}"
        return f"{moment}.{hmac.digest(self._secret, moment.encode(), 'sha256').hex()[:32]}"

    def _is_ours(self, nonce: str) -> bool:
        moment = nonce.partition(".")[0]
        try:
            made = int(moment, 16)
        except ValueError:
            return False
        fresh = 0 <= time.time() - made <= NONCE_SECONDS
        return fresh and hmac.compare_digest(nonce.encode(), self._nonce(made).encode())
