"""What every answer of the web application carries so that a browser keeps it safe."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from casebook.rules.sessions import IDLE
from config.settings import Settings

MAX_POST_BYTES = 1024 * 1024
"""The longest post is a transcript of an hour's talk, about 100 kB."""

HSTS = f"max-age={365 * 24 * 60 * 60}; includeSubDomains"

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No script or style but our own files, and nobody frames us."""

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox; "
    "frame-ancestors 'self'"
)
"""For a mail's HTML, shown in a frame of ours: it may be coloured, and nothing else."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": PAGE_POLICY,
}


def harden(app: Flask, settings: Settings) -> CSRFProtect:
    """Give every answer its headers, make cookies safe, limit posts and demand CSRF tokens.

    `app.secret_key` must be set. Gives the CSRF protection, so that signed webhooks can be exempted.
    """
    https = settings.base_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="lang_nghe",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=IDLE,
        MAX_CONTENT_LENGTH=MAX_POST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_POST_BYTES,
        # A token lives as long as its session: a page left open over lunch still posts.
        WTF_CSRF_TIME_LIMIT=None,
        # SameSite and the token protect; some people's proxies drop the referrer that this would ask for.
        WTF_CSRF_SSL_STRICT=False,
    )

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
            response.headers.setdefault("X-Frame-Options", "DENY")
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint != "desk.static":
            # Personal data stays out of shared computers' caches.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return CSRFProtect(app)
