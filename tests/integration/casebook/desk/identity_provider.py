"""A small provider of identities (OpenID Connect) that runs on loopback and says what a test has it say."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug import Response
from werkzeug.serving import make_server

CLIENT, SECRET = "desk", "a-secret-between-two"


@dataclass
class Provider:
    """What the provider knows; `claims` change what it says, `faults` how it misbehaves."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}))

    def change_key(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    def discovery(self) -> ResponseReturnValue:
        return jsonify(
            issuer="https://evil.example" if "issuer" in self.faults else self.url,
            authorization_endpoint=f"{self.url}/authorize",
            token_endpoint=f"{self.url}/token",
            jwks_uri=f"{self.url}/keys",
        )

    def keys(self) -> ResponseReturnValue:
        return jsonify(KeySet([self.key]).as_dict(private=False))

    def authorize(self) -> Response:
        """Let everybody in at once."""
        code = secrets.token_hex(8)
        self.codes[code] = dict(request.args)
        return redirect(f"{request.args['redirect_uri']}?{urlencode({'code': code, 'state': request.args['state']})}")

    def token(self) -> ResponseReturnValue:
        asked = self.codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        told = request.authorization
        known = told is not None and (told.username, told.password) == (CLIENT, SECRET)
        if asked is None or not known or asked["code_challenge"] != proven or asked["code_challenge_method"] != "S256":
            return jsonify(error="invalid_grant"), 400
        if asked["redirect_uri"] != request.form["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        return jsonify(access_token="x", token_type="Bearer", expires_in=60, id_token=self._id_token(asked["nonce"]))

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        usual = {"iss": self.url, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": nonce}
        key = RSAKey.generate_key(2048, {"kid": self.key.kid or ""}) if "signature" in self.faults else self.key
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, {**usual, **self.claims}, key)

    def visit(self, url: str) -> str:
        """Do what a browser does at the provider; gives the address that it is sent back to."""
        with self.app.test_request_context(urlsplit(url).path, query_string=urlsplit(url).query):
            answer = self.authorize()
        return str(answer.location)

    @property
    def app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", "discovery", self.discovery)
        app.add_url_rule("/keys", "keys", self.keys)
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        return app


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serve a provider on loopback."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def asked_of(url: str) -> dict[str, str]:
    """What a browser is sent to the provider with."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
