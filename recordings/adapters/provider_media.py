"""Has the provider delete its copies of recordings, through Twilio's REST API or one like it."""

from __future__ import annotations

import re

import requests
from requests.auth import HTTPBasicAuth

from config.errors import PermanentError
from config.told import Told
from recordings.ports import FetchDenied, NotThereYet

TIMEOUT_S = (5, 20)
"""Seconds to connect, and to wait for an answer."""

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_GONE = frozenset({200, 202, 204, 404, 410})


class DeletionRefused(PermanentError):
    """Nhà cung cấp không chịu xóa bản ghi."""


class TwilioMedia:
    """A `ProviderMedia` that speaks Twilio's "Delete a Recording resource"."""

    def __init__(self, api_url: str, account_sid: str, auth_token: str) -> None:
        self._base = f"{api_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}/Recordings"
        self._auth = HTTPBasicAuth(account_sid, auth_token)

    def delete(self, provider_sid: str) -> None:
        """Have the copy deleted; one that is already gone (404) is done.

        Raises NotThereYet (try later), FetchDenied (wrong credentials) or DeletionRefused.
        """
        if not _SID.fullmatch(provider_sid):
            raise DeletionRefused(Told("Mã bản ghi lạ: %(sid)s.", sid=repr(provider_sid)))
        status = self._request(f"{self._base}/{provider_sid}.json")
        if status in _GONE:
            return
        if status in (401, 403):
            text = "Nhà cung cấp từ chối xóa (HTTP %(status)s): kiểm tra Account SID và Auth Token."
            raise FetchDenied(Told(text, status=status))
        if status == requests.codes.too_many_requests or status >= requests.codes.server_error:
            raise NotThereYet(Told("Nhà cung cấp chưa xóa được bản ghi (HTTP %(status)s).", status=status))
        raise DeletionRefused(Told("Nhà cung cấp không chịu xóa bản ghi (HTTP %(status)s).", status=status))

    def _request(self, url: str) -> int:
        """Send the DELETE and give the answer's status."""
        try:
            response = requests.delete(url, auth=self._auth, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            raise NotThereYet(
                Told("Không nối được với nhà cung cấp: %(error)s.", error=type(error).__name__)
            ) from error
        return response.status_code
