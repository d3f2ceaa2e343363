"""Downloads recordings over HTTP: only from hosts on a list, with limits on time and size."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from config.told import Told
from recordings.ports import FetchDenied, HostNotAllowed, NotThereYet, TooBig

PIECE_BYTES = 1 << 16
MAX_REDIRECTS = 5

AUDIO_SUFFIXES = (".wav", ".mp3", ".ogg", ".flac", ".m4a", ".amr")

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DENIED = frozenset({401, 403})
_LATER = frozenset({404, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How long (seconds) and how much (bytes) a download may take."""

    connect_s: float = 5
    read_s: float = 20
    total_s: float = 300
    max_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a URL leads: scheme, host and port, so that none of them changes unnoticed."""

    scheme: str
    host: str
    port: int


class HttpFetcher:
    """A `Fetcher` for one provider, whose API URL is the only place that its credentials are sent to.

    `extra_hosts` (`host` or `host:port`, https; or a whole `http://host:port` for a test) may also be fetched
    from and redirected to. `add_suffix` (e.g. ".wav") is put after the provider's URLs that have no audio
    suffix, as Twilio wants it (its documentation, "Recording resource: fetch media").
    """

    def __init__(
        self,
        provider_url: str,
        user: str,
        password: str,
        *,
        extra_hosts: Iterable[str] = (),
        add_suffix: str = "",
        limits: FetchLimits | None = None,
    ) -> None:
        self._provider = _origin(provider_url)
        self._allowed = {self._provider, *map(_extra_origin, extra_hosts)}
        self._auth = HTTPBasicAuth(user, password)
        self._suffix = add_suffix
        self._limits = limits or FetchLimits()

    def fetch(self, url: str) -> bytes:
        """Download `url` whole."""
        deadline = time.monotonic() + self._limits.total_s
        try:
            with requests.Session() as session:
                return self._follow(session, self._with_suffix(url), deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise NotThereYet(Told("Không tải được bản ghi: %(error)s.", error=type(error).__name__)) from error

    def _follow(self, session: requests.Session, url: str, deadline: float) -> bytes:
        """Go after redirects one by one, each to a host on the list."""
        for _ in range(MAX_REDIRECTS + 1):
            with self._get(session, url) as response:
                if not response.is_redirect:
                    _refuse_status(response.status_code)
                    return self._read(response, deadline)
                url = urljoin(url, response.headers["Location"])
        raise NotThereYet("Nhà cung cấp chuyển hướng quá nhiều lần.")

    def _get(self, session: requests.Session, url: str) -> requests.Response:
        """Ask for `url`, with credentials only if it is the provider's."""
        origin = _origin(url)
        if origin not in self._allowed:
            place = f"{origin.scheme}://{origin.host}:{origin.port}"
            raise HostNotAllowed(Told("Không được phép tải bản ghi từ %(place)s.", place=place))
        try:
            return session.get(
                url,
                auth=self._auth if origin == self._provider else _no_auth,
                timeout=(self._limits.connect_s, self._limits.read_s),
                headers={"Accept-Encoding": "identity"},
                allow_redirects=False,
                stream=True,
            )
        except ValueError as error:
            # requests looks at the next address even when it is not to follow it.
            raise HostNotAllowed("Địa chỉ bản ghi hoặc nơi nó chuyển hướng đến viết sai.") from error

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        """Read the body as it comes, so that neither a drip nor a flood goes on for ever."""
        promised = response.headers.get("Content-Length", "")
        self._refuse_size(int(promised) if promised.isdigit() else 0)
        body = bytearray()
        # read1 gives what has arrived; iter_content would wait for a whole piece, however slowly it drips in.
        while piece := response.raw.read1(PIECE_BYTES):
            body += piece
            self._refuse_size(len(body))
            if time.monotonic() > deadline:
                raise NotThereYet(Told("Tải bản ghi quá %(seconds)s giây.", seconds=f"{self._limits.total_s:.0f}"))
        if promised.isdigit() and len(body) < int(promised):
            text = "Bản ghi tải về thiếu: %(arrived)s trong %(promised)s byte."
            raise NotThereYet(Told(text, arrived=len(body), promised=promised))
        return bytes(body)

    def _refuse_size(self, size: int) -> None:
        if size > self._limits.max_bytes:
            raise TooBig(Told("Bản ghi lớn hơn giới hạn %(most)s MiB.", most=self._limits.max_bytes // 2**20))

    def _with_suffix(self, url: str) -> str:
        """Put the audio suffix after a provider's URL that has none."""
        parts = _split(url)
        if not self._suffix or _origin(url) != self._provider or parts.path.lower().endswith(AUDIO_SUFFIXES):
            return url
        return urlunsplit(parts._replace(path=parts.path + self._suffix))


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no credentials, not even those of a .netrc file."""
    return request


def _refuse_status(status: int) -> None:
    """Raise what an HTTP status other than 200 means."""
    if status == requests.codes.ok:
        return
    if status in _DENIED:
        text = "Nhà cung cấp từ chối (HTTP %(status)s): kiểm tra Account SID và Auth Token."
        raise FetchDenied(Told(text, status=status))
    if status in _LATER or status >= requests.codes.server_error:
        raise NotThereYet(Told("Nhà cung cấp chưa có sẵn bản ghi (HTTP %(status)s).", status=status))
    raise FetchDenied(Told("Nhà cung cấp trả lời HTTP %(status)s khi tải bản ghi.", status=status))


def _split(url: str) -> SplitResult:
    """Take `url` apart; refuses what two parsers may read in two ways."""
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        raise HostNotAllowed("Địa chỉ bản ghi có ký tự lạ.")
    try:
        return urlsplit(url)
    except ValueError:
        raise HostNotAllowed("Địa chỉ bản ghi viết sai.") from None


def _origin(url: str) -> Origin:
    """Give where `url` leads; raises HostNotAllowed unless it is plain http or https."""
    parts = _split(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise HostNotAllowed("Địa chỉ bản ghi phải là http:// hoặc https:// và không kèm tài khoản.")
    try:
        port = parts.port
    except ValueError:
        raise HostNotAllowed("Địa chỉ bản ghi có cổng sai.") from None
    return Origin(parts.scheme, parts.hostname.lower(), port or _DEFAULT_PORTS[parts.scheme])


def _extra_origin(host: str) -> Origin:
    """Read an entry of the list of extra hosts."""
    return _origin(host if "://" in host else f"https://{host}")
