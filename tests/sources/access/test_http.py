"""The HTTP client against a real server on loopback."""

import gzip
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from sources.access.http import USER_AGENT, HttpClient, Manners
from sources.platform import NotFound, Platform, Unreachable
from sources.platforms import PLATFORMS

PLATFORM = replace(PLATFORMS[0], name="board", url="https://board.example/list/")


class Board(BaseHTTPRequestHandler):
    """Answers by path; remembers what it was asked."""

    asked: ClassVar[list[tuple[str, str, float]]] = []
    keys: ClassVar[list[str | None]] = []
    robots: ClassVar[bytes] = b""
    failures: ClassVar[list[tuple[int, dict[str, str]]]] = []  # to answer with first

    def do_GET(self) -> None:
        page = self.path.removeprefix("/board")
        if page != "/robots.txt":
            self.asked.append((self.path, self.headers["User-Agent"], time.monotonic()))
            self.keys.append(self.headers["X-Key"])
        try:
            if self.failures and page != "/robots.txt":
                self.answer(*self.failures.pop(0))
            elif page.startswith("/away"):
                self.answer(302, {"Location": "https://elsewhere.example/"})
            elif page.startswith("/moved"):
                self.answer(301, {"Location": "/list/?page=2"})
            elif page.startswith("/circle"):
                self.answer(302, {"Location": "/circle"})
            elif page.startswith("/gone"):
                self.answer(404, {})
            elif page == "/robots.txt":
                self.answer(200, {}, self.robots) if self.robots else self.answer(404, {})
            elif page.startswith("/version"):
                unchanged = self.headers["If-None-Match"] == '"v1"'
                self.answer(304 if unchanged else 200, {"ETag": '"v1"'}, b"" if unchanged else b"version one")
            elif page.startswith("/wp/posts"):
                self.answer(200, {"X-WP-Total": "25", "X-WP-TotalPages": "3"}, b"[]")
            elif page.startswith("/paged"):
                self.answer(200, {"Link": '</paged?page=2>; rel="next", </paged>; rel="first"'}, b"page one")
            elif page.startswith("/packed"):
                self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"packed" * 100))
            elif page.startswith("/bomb"):
                self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000))
            elif page.startswith("/half-packed"):
                self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"packed" * 100)[:-12])
            elif page.startswith("/cut"):
                self.answer(200, {"Content-Length": "1000"}, b"only this")
            elif page.startswith("/huge"):
                self.answer(200, {}, b"x" * 300_000)
            elif page.startswith("/slow"):
                self.send_response(200)
                self.end_headers()
                for _ in range(20):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.answer(200, {}, b"page " + page.encode())
        except ConnectionError:
            pass  # the client has hung up, as it should

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["Content-Length"]))
        if self.failures:
            self.answer(*self.failures.pop(0))
        else:
            self.answer(200, {"ETag": '"v1"'}, self.headers["Content-Type"].encode() + b" " + question)

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(name="server")
def _server() -> Iterator[str]:
    Board.asked.clear()
    Board.failures.clear()
    Board.robots = b""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Board)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def client(server: str, waits: list[float] | None = None, **options: Any) -> HttpClient:
    """A client that notes its waits instead of waiting."""
    kept = [] if waits is None else waits
    known, sleep = options.pop("known", ()), options.pop("sleep", kept.append)
    manners = Manners(**({"pause": 0.0, "timeout": 5.0} | options))
    return HttpClient(PLATFORM, server, known=known, manners=manners, sleep=sleep)


def test_documents_keep_the_platforms_own_address(server: str) -> None:
    with client(server) as http:
        document = http.get("https://board.example/list/?page=2")
    assert document.content == b"page /list/?page=2"
    assert document.url == "https://board.example/list/?page=2"
    assert [(path, agent) for path, agent, _ in Board.asked] == [("/board/list/?page=2", USER_AGENT)]


def test_failures_worth_repeating_are_repeated_with_growing_waits(server: str) -> None:
    waits: list[float] = []
    Board.failures[:] = [(500, {}), (503, {})]
    with client(server, waits) as http:
        assert http.get(PLATFORM.url).content
    assert [wait for wait in waits if wait] == [1.0, 2.0]


def test_the_server_says_how_long_to_wait(server: str) -> None:
    waits: list[float] = []
    Board.failures[:] = [(429, {"Retry-After": "7"}), (429, {"Retry-After": "86400"})]
    with client(server, waits) as http:
        assert http.get(PLATFORM.url).content
    assert [wait for wait in waits if wait] == [7.0, 60.0]


def test_it_gives_up_after_the_last_try(server: str) -> None:
    Board.failures[:] = [(500, {})] * 9
    with client(server) as http, pytest.raises(Unreachable, match="HTTP 500"):
        http.get(PLATFORM.url)
    assert len(Board.asked) == 3


def test_a_final_no_is_not_repeated(server: str) -> None:
    with client(server) as http, pytest.raises(NotFound, match="HTTP 404"):
        http.get("https://board.example/gone")
    assert len(Board.asked) == 1


def test_a_slow_answer_ends_at_the_deadline(server: str) -> None:
    started = time.monotonic()
    with client(server, timeout=0.2, tries=1) as http, pytest.raises(Unreachable, match="not finished"):
        http.get("https://board.example/slow")
    assert time.monotonic() - started < 1.0


def test_a_huge_answer_is_not_read_to_its_end(server: str) -> None:
    with client(server, max_bytes=100_000) as http, pytest.raises(Unreachable, match="more than 100,000 bytes"):
        http.get("https://board.example/huge")
    assert len(Board.asked) == 1


def test_redirects_stay_on_the_platforms_hosts(server: str) -> None:
    with client(server) as http:
        assert http.get("https://board.example/moved").content == b"page /list/?page=2"
        with pytest.raises(Unreachable, match="not an address of"):
            http.get("https://board.example/away")
        with pytest.raises(Unreachable, match="redirects"):
            http.get("https://board.example/circle")


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "file:///etc/passwd", "javascript:alert(1)", ""])
def test_other_addresses_are_not_asked(server: str, url: str) -> None:
    with client(server) as http, pytest.raises(Unreachable, match="not an address of"):
        http.get(url)
    assert not Board.asked


def test_requests_keep_their_distance(server: str) -> None:
    with client(server, pause=0.1, sleep=time.sleep) as http:
        for _ in range(3):
            http.get(PLATFORM.url)
    moments = [at for _, _, at in Board.asked]
    assert moments[2] - moments[0] >= 0.2


def test_nobody_listening_is_unreachable() -> None:
    gone: Platform = PLATFORM
    with (
        HttpClient(gone, "http://127.0.0.1:9", manners=Manners(tries=1)) as http,
        pytest.raises(Unreachable, match="ConnectError"),
    ):
        http.get(gone.url)


def test_what_has_not_changed_is_not_sent_again(server: str) -> None:
    url = "https://board.example/version"
    with client(server) as http:
        first = http.get(url)
    with client(server, known=[replace(first, retrieved_at=datetime(2020, 4, 1, tzinfo=UTC))]) as http:
        second = http.get(url)
    assert (first.etag, second.etag) == ('"v1"', '"v1"')
    assert second.content == first.content == b"version one"
    assert second.retrieved_at >= first.retrieved_at


def test_a_server_may_say_where_its_list_goes_on(server: str) -> None:
    with client(server) as http:
        assert http.get("https://board.example/paged").next_url == "https://board.example/paged?page=2"
        assert http.get(PLATFORM.url).next_url == ""


def test_wordpress_says_how_many_pages_there_are(server: str) -> None:
    base = "https://board.example/wp/posts?per_page=10"
    with client(server) as http:
        assert http.get(base).next_url == f"{base}&page=2"
        assert http.get(f"{base}&page=2").next_url == f"{base}&page=3"
        assert http.get(f"{base}&page=3").next_url == ""


def test_a_question_is_posted_as_json_and_asked_again_if_it_fails(server: str) -> None:
    Board.failures.append((503, {}))
    with client(server) as http:
        found = http.get("https://board.example/search", '{"query": "masks"}')
    assert found.content == b'application/json {"query": "masks"}'
    with client(server, known=[found]) as http:
        other = http.get("https://board.example/search", '{"query": "gowns"}')
    assert other.content.endswith(b'{"query": "gowns"}')


def test_a_key_goes_into_the_platforms_header_and_never_out_in_the_clear(server: str) -> None:
    keyed = replace(PLATFORM, key_header="X-Key", url=f"{server}/list/")
    with HttpClient(keyed, server, key="secret", manners=Manners(pause=0.0)) as rehearsal:
        rehearsal.get(keyed.url)
    assert Board.keys[-1] == "secret"
    with HttpClient(keyed, allow_private=True, key="secret", manners=Manners(pause=0.0)) as http:
        http.get(keyed.url)
    assert Board.keys[-1] is None


def test_robots_txt_is_obeyed(server: str) -> None:
    Board.robots = b"User-agent: *\nDisallow: /private/\n"
    with client(server) as http:
        assert http.get(PLATFORM.url).content
        with pytest.raises(Unreachable, match=r"robots.txt asks us to stay away"):
            http.get("https://board.example/private/list")
    assert len(Board.asked) == 1


def test_robots_txt_may_ask_for_longer_pauses(server: str) -> None:
    waits: list[float] = []
    Board.robots = b"User-agent: *\nCrawl-delay: 3\n"
    with client(server, waits) as http:
        http.get(PLATFORM.url)
        http.get(PLATFORM.url)
    assert waits[-1] == pytest.approx(3, abs=0.2)


def test_packed_bodies_are_unpacked_within_the_limit(server: str) -> None:
    with client(server, max_bytes=1_000_000, tries=1) as http:
        assert http.get("https://board.example/packed").content == b"packed" * 100
        with pytest.raises(Unreachable, match="more than 1,000,000 bytes"):
            http.get("https://board.example/bomb")


@pytest.mark.parametrize("path", ["cut", "half-packed"])
def test_a_body_that_is_cut_off_is_no_answer(server: str, path: str) -> None:
    with client(server, tries=1) as http, pytest.raises(Unreachable, match=r"cut off|closed connection"):
        http.get(f"https://board.example/{path}")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.7", "169.254.169.254"])
def test_private_networks_are_not_entered(host: str) -> None:
    hidden = replace(PLATFORM, url=f"http://{host}/list/")
    with HttpClient(hidden) as http, pytest.raises(Unreachable, match="private network"):
        http.get(hidden.url)


def test_a_private_host_may_be_allowed(server: str) -> None:
    own = replace(PLATFORM, url=f"{server}/list/")
    with HttpClient(own, allow_private=True, manners=Manners(pause=0.0)) as http:
        assert http.get(own.url).content == b"page /list/"
