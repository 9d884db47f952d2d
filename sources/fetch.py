"""Polite HTTP: the one way to reach a platform over the network.

One client per platform and run. It says who we are, waits between requests, repeats what is worth repeating, stops
reading what is too large, and follows redirects only to hosts of that platform. What the bytes mean is not its
business.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from sources.platform import NotFound, Platform, RawDocument, Unreachable

USER_AGENT = "Verbundradar/0.1 (reads cooperation platforms once a day on behalf of their operators)"
WORTH_REPEATING = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_REDIRECTS = 5


class HttpClient:
    """A `Client` over HTTP for one platform.

    `base_url` sends every address of the platform to ``<base_url>/<platform name><path>?<query>`` instead, for a
    rehearsal against a local server; documents keep the platform's own address.
    """

    def __init__(
        self,
        platform: Platform,
        base_url: str | None = None,
        *,
        timeout_seconds: float = 20.0,
        tries: int = 3,
        backoff_seconds: float = 1.0,
        longest_wait_seconds: float = 60.0,
        seconds_between_requests: float = 1.0,
        max_bytes: int = 20_000_000,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._platform = platform
        self._base_url = base_url.rstrip("/") if base_url else None
        self._allowed_hosts = {urlsplit(platform.url).hostname}
        self._tries = tries
        self._backoff_seconds = backoff_seconds
        self._longest_wait_seconds = longest_wait_seconds
        self._seconds_between_requests = seconds_between_requests
        self._max_bytes = max_bytes
        self._sleep = sleep
        self._next_request_at = 0.0
        self._timeout_seconds = timeout_seconds
        self._http = httpx.Client(headers={"User-Agent": USER_AGENT}, timeout=timeout_seconds, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, url: str) -> RawDocument:
        """The document behind one of the platform's addresses; raises Unreachable with the last reason.

        A redirect is followed without leaving the platform's hosts; the document keeps the address asked for.
        """
        reason = ""
        for attempt in range(self._tries):
            try:
                response = self._follow(url)
            except httpx.HTTPError as error:
                reason, wait = f"{type(error).__name__}: {error}", None
            else:
                if response.is_success:
                    return RawDocument(_file_name(url), response.content, url, datetime.now(UTC))
                if response.status_code in (404, 410):
                    raise NotFound(f"{url}: HTTP {response.status_code}")
                reason, wait = f"HTTP {response.status_code}", _retry_after(response)
                if response.status_code not in WORTH_REPEATING:
                    break
            if attempt + 1 < self._tries:
                self._sleep(min(wait or self._backoff_seconds * 2**attempt, self._longest_wait_seconds))
        raise Unreachable(f"{url}: {reason}")

    def _follow(self, url: str) -> httpx.Response:
        """Answer to an address, through redirects that stay on the platform's own hosts."""
        for _ in range(MAX_REDIRECTS + 1):
            if urlsplit(url).scheme not in ("http", "https") or urlsplit(url).hostname not in self._allowed_hosts:
                raise Unreachable(f"{url}: not an address of {self._platform.title}")
            response = self._stream(self._real_address(url))
            if not response.is_redirect:
                return response
            url = urljoin(url, response.headers["Location"])
        raise Unreachable(f"{url}: more than {MAX_REDIRECTS} redirects")

    def _real_address(self, url: str) -> str:
        if self._base_url is None:
            return url
        parts = urlsplit(url)
        return f"{self._base_url}/{self._platform.name}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _stream(self, address: str) -> httpx.Response:
        """One request after the pause the platform is owed; stops at the size and time limits."""
        self._sleep(max(0.0, self._next_request_at - time.monotonic()))
        deadline = time.monotonic() + self._timeout_seconds
        body = bytearray()
        try:
            with self._http.stream("GET", address) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > self._max_bytes:
                        raise Unreachable(f"{address}: more than {self._max_bytes:,} bytes")
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout(f"not finished after {self._timeout_seconds:g} s")
        finally:
            self._next_request_at = time.monotonic() + self._seconds_between_requests
        headers = {name: value for name, value in response.headers.items() if name in ("location", "retry-after")}
        return httpx.Response(response.status_code, headers=headers, content=bytes(body))


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds a server asks us to wait, given as seconds or as a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _file_name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] or "index.html"
