"""Signing on at a provider of identities: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from config.errors import PermanentError, TemporaryError

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""How a provider may sign: with a key of its own, never with our secret, never not at all."""

TIMEOUT = 10
"""Seconds that a provider has for one answer."""

REMEMBERED = 3600
"""Seconds for which a provider's addresses and keys are taken to be the same."""

ANEW = 120
"""Seconds for which a proof at the provider is fresh: as long as the way back takes."""

LEEWAY = 60
"""Seconds by which the provider's clock may be off."""


class ProviderAway(TemporaryError):
    """Không liên lạc được với nơi cấp tài khoản. Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu."""


class ProviderRefused(PermanentError):
    """Nơi cấp tài khoản không xác nhận lần đăng nhập này. Hãy thử lại, hoặc đăng nhập bằng mật khẩu."""


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-on under way: where to send the browser, and what to compare when it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says somebody is, and how they proved it."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    amr: tuple[str, ...]
    acr: str


@dataclass(slots=True)
class _Known:
    """What the provider told about itself, and until when (monotonic seconds) that holds."""

    metadata: dict[str, Any]
    keys: Any
    until: float


@dataclass
class OpenId:
    """A client of one provider; its addresses are asked for when they are first needed. Safe for many threads."""

    issuer: str
    client_id: str
    secret: str | None = None
    name: str = ""
    trusts_two_factors: bool = False
    _known: _Known | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, back: str, *, again: bool = False) -> Started:
        """Begin a sign-on that ends at the address `back`; `again` has people prove themselves anew there.

        Raises ProviderAway.
        """
        anew = {"prompt": "login", "max_age": 0} if again else {}
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        with self._session(back) as session:
            where = self._provider(session).metadata["authorization_endpoint"]
            url, state = session.create_authorization_url(where, nonce=nonce, code_verifier=verifier, **anew)
        return Started(url, state, nonce, verifier, again)

    def finish(self, back: str, started: Started, query: Mapping[str, str]) -> Claims:
        """Give who came back; raises ProviderRefused, or ProviderAway."""
        if not secrets.compare_digest(started.state.encode(), query.get("state", "").encode()) or "code" not in query:
            raise ProviderRefused
        with self._session(back) as session:
            provider = self._provider(session)
            try:
                token = session.fetch_token(
                    provider.metadata["token_endpoint"],
                    code=query["code"],
                    code_verifier=started.verifier,
                    timeout=TIMEOUT,
                )
            except AuthlibBaseError as error:
                raise ProviderRefused from error
            except RequestException as error:
                raise ProviderAway from error
            return self._claims(session, token.get("id_token", ""), started)

    def _session(self, back: str) -> Any:
        return OAuth2Session(self.client_id, self.secret, scope=SCOPE, redirect_uri=back, code_challenge_method="S256")

    def _claims(self, session: Any, id_token: str, started: Started) -> Claims:
        try:
            found = self._verified(session, id_token)
            registry = jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": started.nonce},
            )
            registry.validate(found)
        except (JoseError, ValueError) as error:
            raise ProviderRefused from error
        # OpenID Connect Core, 3.1.3.7: of several audiences, we must be the one it was issued to.
        if found.get("azp", self.client_id) != self.client_id:
            raise ProviderRefused
        if started.again and not _just_proven(found):
            raise ProviderRefused
        return _claims_of(found)

    def _verified(self, session: Any, id_token: str) -> dict[str, Any]:
        keys = self._provider(session).keys
        try:
            return dict(jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError):
            # A provider changes its keys now and then: ask once more before it is called a forgery.
            fresh = self._provider(session, anew=True).keys
            if fresh == keys:
                raise
            return dict(jwt.decode(id_token, KeySet.import_key_set(fresh), algorithms=ALGORITHMS).claims)

    def _provider(self, session: Any, *, anew: bool = False) -> _Known:
        with self._lock:
            if anew or self._known is None or time.monotonic() > self._known.until:
                metadata = _asked(session, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                # OpenID Connect Discovery, 4.3: nobody else may speak for the issuer.
                if metadata.get("issuer") != self.issuer:
                    raise ProviderRefused
                keys = _asked(session, metadata.get("jwks_uri", ""))
                self._known = _Known(metadata, keys, time.monotonic() + REMEMBERED)
            return self._known


def _asked(session: Any, url: str) -> dict[str, Any]:
    """Fetch a document of the provider's."""
    try:
        answer = session.request("GET", url, withhold_token=True, timeout=TIMEOUT)
        answer.raise_for_status()
        found = answer.json()
    except (RequestException, ValueError) as error:
        raise ProviderAway from error
    if not isinstance(found, dict):
        raise ProviderAway
    return found


def _just_proven(found: Mapping[str, Any]) -> bool:
    """Whether the provider asked the person anew, as `max_age` demanded (OpenID Connect Core, 3.1.2.1)."""
    moment = found.get("auth_time")
    return isinstance(moment, int) and time.time() - moment <= ANEW + LEEWAY


def _claims_of(found: Mapping[str, Any]) -> Claims:
    methods = found.get("amr")
    return Claims(
        issuer=str(found["iss"]),
        subject=str(found["sub"]),
        email=str(found.get("email", "")),
        email_verified=found.get("email_verified") is True,
        amr=tuple(str(method) for method in methods) if isinstance(methods, list) else (),
        acr=str(found.get("acr", "")),
    )
