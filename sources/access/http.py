"""Polite HTTP: the one way to reach a platform over the network.

One client per platform and run. It says who we are, asks robots.txt, waits between requests, repeats what is worth
repeating, asks only whether a known document has changed, stops reading what is too large (packed or unpacked), follows
redirects only to hosts of that platform, and does not reach into private networks. What the bytes mean is not its
business.
"""

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from sources import limits
from sources.platform import NotFound, Platform, RawDocument, Unreachable
from sources.rows.text import address

AGENT = "Verbundradar"
USER_AGENT = f"{AGENT}/0.1 (reads cooperation platforms once a day on behalf of their operators)"
WORTH_REPEATING = frozenset({408, 425, 429, 500, 502, 503, 504})
KEPT_HEADERS = ("date", "etag", "last-modified", "link", "location", "retry-after", "x-wp-totalpages")


@dataclass(frozen=True)
class Manners:
    """How much we ask of a server and put up with; times in seconds."""

    timeout: float = 20.0  # for a whole answer
    tries: int = 3
    backoff: float = 1.0  # before the second try, doubled each time
    longest_wait: float = 60.0
    pause: float = 1.0  # between two requests
    max_bytes: int = limits.NETWORK_BYTES


REHEARSAL = Manners(timeout=10.0, backoff=0.2, longest_wait=2.0, pause=0.0)  # a server of our own


class HttpClient:
    """A `Client` over HTTP for one platform.

    known: documents of an earlier snapshot; a server that says they have not changed (304) is believed.
    base_url: sends every address of the platform to ``<base_url>/<platform name><path>?<query>`` instead, for a
    rehearsal against a local server that also hands out mailboxes; documents keep the platform's own address.
    allow_private: whether the platform's hosts may lie in a private network.
    key: sent in the platform's `key_header`, over encrypted connections only; no error ever tells it.
    """

    def __init__(
        self,
        platform: Platform,
        base_url: str | None = None,
        *,
        known: Iterable[RawDocument] = (),
        manners: Manners | None = None,
        allow_private: bool = False,
        key: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._platform = platform
        self._base_url = base_url.rstrip("/") if base_url else None
        self._known = {document.url: document for document in known}
        self._manners = manners or (REHEARSAL if base_url else Manners())
        self._may_be_private = allow_private or base_url is not None
        self._key = key
        self._sleep = sleep
        self._pause = self._manners.pause
        self._next_request_at = 0.0
        self._robots: RobotFileParser | None = None
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"}
        self._http = httpx.Client(headers=headers, timeout=self._manners.timeout, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, url: str, question: str = "") -> RawDocument:
        """The document behind one of the platform's addresses; raises Unreachable with the last reason.

        A redirect is followed without leaving the platform's hosts; the document keeps the address asked for.
        question: JSON that is posted there; its answers are never taken from an earlier snapshot.
        """
        self._ask_leave(url)
        response = self._persistently(url, question)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return replace(self._known[url], retrieved_at=self._moment(response))
        # Marks that no header can carry back are not kept.
        marks = (response.headers.get(name, "") for name in ("etag", "last-modified"))
        etag, modified = (mark if mark.isascii() else "" for mark in marks)
        next_url = _next_url(url, response)
        return RawDocument(_file_name(url), response.content, url, self._moment(response), etag, modified, next_url)

    def _moment(self, response: httpx.Response) -> datetime:
        """When an answer was given. In a rehearsal the server's clock counts: it may play a week of the past."""
        if self._base_url:
            with suppress(TypeError, ValueError):
                return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
        return datetime.now(UTC)

    def _persistently(self, url: str, question: str = "") -> httpx.Response:
        """A successful answer, after as many tries as our manners allow."""
        reason = ""
        for attempt in range(self._manners.tries):
            try:
                response = self._follow(url, question)
            except (httpx.HTTPError, zlib.error) as error:
                reason, wait = f"{type(error).__name__}: {error}", None
            else:
                if response.is_success or (response.status_code == httpx.codes.NOT_MODIFIED and url in self._known):
                    return response
                if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
                    raise NotFound(f"{url}: HTTP {response.status_code}")
                reason, wait = f"HTTP {response.status_code}", _retry_after(response)
                if response.status_code not in WORTH_REPEATING:
                    break
            if attempt + 1 < self._manners.tries:
                self._sleep(min(wait or self._manners.backoff * 2**attempt, self._manners.longest_wait))
        raise Unreachable(f"{url}: {reason}")

    def _ask_leave(self, url: str) -> None:
        """Raise Unreachable if robots.txt forbids an address; without a robots.txt everything is allowed."""
        self._check_address(url)
        if urlsplit(url).scheme not in ("http", "https"):
            return  # a mailbox in a rehearsal
        if self._robots is None:
            self._robots = RobotFileParser()
            try:
                self._robots.parse(self._persistently(urljoin(url, "/robots.txt")).text.splitlines())
            except NotFound:
                self._robots.parse([])
            delay = self._robots.crawl_delay(AGENT)
            self._pause = max(self._pause, min(float(delay or 0), self._manners.longest_wait))
        if not self._robots.can_fetch(AGENT, url):
            raise Unreachable(f"{url}: robots.txt asks us to stay away")

    def _check_address(self, url: str) -> None:
        """Raise Unreachable for an address that is not the platform's, or that leads into a private network."""
        parts = urlsplit(url)
        if self._base_url and url and url == self._platform.mailbox:
            return
        if parts.scheme not in ("http", "https") or parts.hostname != urlsplit(self._platform.url).hostname:
            raise Unreachable(f"{url}: not an address of {self._platform.title}")
        if not self._may_be_private and _is_private(parts.hostname or ""):
            raise Unreachable(f"{url}: lies in a private network")

    def _follow(self, url: str, question: str) -> httpx.Response:
        """Answer to an address, through redirects that stay on the platform's own hosts."""
        known = None if question else self._known.get(url)
        conditions = {}
        if known is not None:
            conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        for _ in range(limits.REDIRECTS + 1):
            self._check_address(url)
            response = self._stream(
                self._real_address(url), {name: value for name, value in conditions.items() if value}, question
            )
            if not response.has_redirect_location:
                return response
            url = address(url, response.headers["Location"])
        raise Unreachable(f"{url}: more than {limits.REDIRECTS} redirects")

    def _real_address(self, url: str) -> str:
        if self._base_url is None:
            return url
        parts = urlsplit(url)
        return f"{self._base_url}/{self._platform.name}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _stream(self, address: str, headers: dict[str, str], question: str) -> httpx.Response:
        """One request after the pause the platform is owed; stops at the size and time limits."""
        self._sleep(max(0.0, self._next_request_at - time.monotonic()))
        deadline = time.monotonic() + self._manners.timeout
        if self._key and (self._base_url or address.startswith("https://")):
            headers = {**headers, self._platform.key_header: self._key}
        method = "GET"
        if question:
            method, headers = "POST", {**headers, "Content-Type": "application/json"}
        try:
            with self._http.stream(method, address, headers=headers, content=question or None) as response:
                body = _Body(response.headers.get("content-encoding", ""), self._manners.max_bytes, address)
                for chunk in response.iter_raw():
                    body.add(chunk)
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout(f"not finished after {self._manners.timeout:g} s")
                content = body.finished()
        finally:
            self._next_request_at = time.monotonic() + self._pause
        kept = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
        return httpx.Response(response.status_code, headers=kept, content=content)


class _Body:
    """A body that is unpacked as it arrives, never beyond its limit: a small packed answer may hide a huge one."""

    def __init__(self, encoding: str, max_bytes: int, address: str) -> None:
        if encoding.strip().lower() not in ("", "identity", "gzip", "deflate"):
            raise httpx.DecodingError(f"unknown content encoding '{encoding}'")
        # 32 + 15: gzip or zlib, told apart by the header
        self._unpacker = zlib.decompressobj(47) if encoding.strip().lower() in ("gzip", "deflate") else None
        self._max_bytes = max_bytes
        self._address = address
        self._content = bytearray()

    def add(self, chunk: bytes) -> None:
        if self._unpacker is not None:
            chunk = self._unpacker.decompress(chunk, self._max_bytes + 1 - len(self._content))
        self._content += chunk
        if len(self._content) > self._max_bytes:
            raise Unreachable(f"{self._address}: more than {self._max_bytes:,} bytes")

    def finished(self) -> bytes:
        if self._unpacker is not None and not self._unpacker.eof and self._content:
            raise httpx.DecodingError("the packed body is cut off")
        return bytes(self._content)


def _is_private(host: str) -> bool:
    """Whether any address of a host is not on the public internet; raises Unreachable if it has none."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise Unreachable(f"{host}: {error.strerror or error}") from error
    return any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in found)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds a server asks us to wait, given as seconds or as a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _next_url(url: str, response: httpx.Response) -> str:
    """Where a list goes on: by its Link header, else by the number of pages that WordPress says; "" at its end."""
    if linked := response.links.get("next", {}).get("url", ""):
        return address(url, linked)
    pages, parts = response.headers.get("x-wp-totalpages", ""), urlsplit(url)
    query = dict(parse_qsl(parts.query))
    page = query.get("page", "1")
    if not (pages.isdecimal() and page.isdecimal() and int(page) < int(pages)):
        return ""
    return parts._replace(query=urlencode({**query, "page": int(page) + 1})).geturl()


def _file_name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] or "index.html"
