"""Twilio's REST API, or anything that speaks it: the lists of calls and recordings.

Source: Twilio's API 2010-04-01, Call and Recording resources; pages are followed by `next_page_uri`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import requests
from requests.auth import HTTPBasicAuth

from config.told import Told
from ivr.ports import ListedCall, ListedRecording, ProviderAway, ProviderDenied

VERSION = "2010-04-01"
TIMEOUT_S = (5, 20)
"""Seconds to connect, and to wait for the next byte."""

PAGE_SIZE = 500
MAX_PAGES = 1000
"""A carrier whose pages never end is not followed for ever."""

Row = Mapping[str, Any]

_SID = re.compile(r"[A-Za-z0-9_-]{2,64}")


class ProviderApi:
    """`CallLists` of an account at a Twilio-shaped provider; `api_url` is the root of its REST API."""

    def __init__(self, api_url: str, account_sid: str, auth_token: str, *, page_size: int = PAGE_SIZE) -> None:
        self._root = api_url.rstrip("/")
        self._account = f"{self._root}/{VERSION}/Accounts/{account_sid}"
        self._auth = HTTPBasicAuth(account_sid, auth_token)
        self._page_size = page_size

    def check(self) -> None:
        """Ask for one call, to see that the account is taken. Raises ProviderAway or ProviderDenied."""
        self._get(f"{self._account}/Calls.json", {"PageSize": "1"})

    def calls_since(self, moment: datetime) -> Iterator[ListedCall]:
        """Go through the calls that began at `moment` or later."""
        for row in self._rows("calls", "Calls.json", "StartTime>", moment):
            yield ListedCall(
                sid=_text(row, "sid"),
                dialled=_text(row, "to"),
                caller=_text(row, "from"),
                status=_text(row, "status"),
                direction=_text(row, "direction"),
                duration_s=int(row["duration"]) if str(row.get("duration") or "").isdigit() else None,
            )

    def recordings_since(self, moment: datetime) -> Iterator[ListedRecording]:
        """Go through the recordings made at `moment` or later."""
        for row in self._rows("recordings", "Recordings.json", "DateCreated>", moment):
            url = _text(row, "media_url") or self._at_root(_text(row, "uri").removesuffix(".json"))
            yield ListedRecording(_text(row, "sid"), _text(row, "call_sid"), _text(row, "status"), url)

    def _rows(self, name: str, resource: str, since: str, moment: datetime) -> Iterator[Row]:
        when = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        page = self._get(f"{self._account}/{resource}", {since: when, "PageSize": str(self._page_size)})
        for _ in range(MAX_PAGES):
            yield from _list(page, name)
            following = page.get("next_page_uri")
            if not following:
                return
            page = self._get(self._at_root(str(following)), {})
        raise ProviderAway(Told("Danh sách của nhà cung cấp dài quá %(n)s trang.", n=MAX_PAGES))

    def _at_root(self, uri: str) -> str:
        # Only the path counts: the account's credentials go to no other host.
        return urljoin(self._root + "/", "/" + uri.partition("://")[2].partition("/")[2] if "://" in uri else uri)

    def _get(self, url: str, query: dict[str, str]) -> Row:
        try:
            answer = requests.get(url, params=query, auth=self._auth, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            text = "Không nối được với nhà cung cấp thoại: %(error)s."
            raise ProviderAway(Told(text, error=type(error).__name__)) from error
        if answer.status_code in (401, 403):
            raise ProviderDenied
        if answer.status_code != requests.codes.ok:
            raise ProviderAway(Told("Nhà cung cấp thoại trả lời HTTP %(status)s.", status=answer.status_code))
        return _object(answer)


def _object(answer: requests.Response) -> Row:
    try:
        page = answer.json()
    except requests.JSONDecodeError as error:
        raise ProviderAway("Nhà cung cấp thoại trả lời không phải JSON.") from error
    if not isinstance(page, dict):
        raise ProviderAway("Nhà cung cấp thoại trả lời không đúng dạng.")
    return page


def _list(page: Row, name: str) -> list[Row]:
    rows = page.get(name)
    if not isinstance(rows, list):
        raise ProviderAway(Told("Trang của nhà cung cấp thoại không có danh sách %(name)s.", name=name))
    return [row for row in rows if isinstance(row, dict) and _SID.fullmatch(str(row.get("sid")))]


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "")
