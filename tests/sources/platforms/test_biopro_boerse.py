"""The German list: fetched page by page over real HTTP, and broken in the ways such pages break."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sources
from sources.access.http import HttpClient
from sources.access.inbox import read_export
from sources.platform import LayoutChanged, RawDocument, UnknownFormat
from sources.platforms.biopro_boerse import PLATFORM
from sources.weekly.intake import read_snapshot

SAVED = Path(str(sources.__file__)).parent / "samples" / "2020-W16"
NOW = datetime(2020, 4, 20, tzinfo=UTC)


class SavedPages(SimpleHTTPRequestHandler):
    """Serves the saved pages under the addresses that they had."""

    def translate_path(self, path: str) -> str:
        parts = urlsplit(path)
        if "/eintrag/" in parts.path:
            return f"{self.directory}/{parts.path.rpartition('/')[2]}.html"
        return f"{self.directory}/liste-{parts.query.partition('=')[2] or '1'}.html"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(name="base_url")
def _base_url() -> Iterator[str]:
    handler = partial(SavedPages, directory=str(SAVED / "biopro_boerse"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def saved() -> tuple[RawDocument, ...]:
    return read_export(PLATFORM, SAVED, NOW)


def changed(change: Callable[[str], str], only: str = "") -> tuple[RawDocument, ...]:
    return tuple(
        RawDocument(d.name, change(d.content.decode()).encode() if only in d.name else d.content, d.url, d.retrieved_at)
        for d in saved()
    )


def test_fetching_over_http_gives_the_saved_pages(base_url: str) -> None:
    """Entry 071 has no page (404): the others come all the same."""
    with HttpClient(PLATFORM, base_url) as client:
        fetched = {d.name: d.content for d in PLATFORM.fetch(client, PLATFORM.url)}
    assert fetched == {d.name.rpartition("/")[2]: d.content for d in saved()}
    assert "KB-2020-071.html" not in fetched


def test_a_renamed_label_in_all_entries_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged, match="unknown or missing labels"):
        read_snapshot(PLATFORM, changed(lambda page: page.replace("<dt>Organisation:", "<dt>Firma:")))


def test_a_strange_label_in_one_entry_refuses_that_entry() -> None:
    before, after = (
        read_snapshot(PLATFORM, documents)
        for documents in (saved(), changed(lambda page: page.replace("Kategorie:", "Rubrik:"), only="KB-2020-001"))
    )
    assert len(before.listings) - len(after.listings) == 1
    refused = after.quarantine.set_index("source_id").loc["KB-2020-001"]
    assert (refused["field"], refused["rule"]) == ("Rubrik", "known_label")


def test_a_lost_list_element_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged, match="boerse-liste"):
        read_snapshot(PLATFORM, changed(lambda page: page.replace("boerse-liste", "eintraege"), only="liste-1"))


def test_a_lost_list_page_is_noticed_by_the_orphaned_entries() -> None:
    rest = tuple(d for d in saved() if not d.name.endswith("liste-2.html"))
    parsed = read_snapshot(PLATFORM, rest)
    assert (parsed.quarantine["rule"] == "listed").sum() == 10


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b'{"error": 500}', "<html>Börse".encode("utf-16-le")])
def test_bytes_of_another_kind(content: bytes) -> None:
    documents = [RawDocument("liste-1.html", content, PLATFORM.url, NOW)]
    with pytest.raises(UnknownFormat):
        read_snapshot(PLATFORM, documents)


def test_hostile_text_stays_text() -> None:
    listing = read_snapshot(PLATFORM, saved()).listings.set_index("source_id").loc["KB-2020-063"]
    assert listing["title"] == "Atemschutzmasken <script>alert('Masken')</script> ganz schnell"
    assert listing["text"].startswith("=HYPERLINK(")
    assert listing["website"] == "javascript:alert(document.cookie)"


def test_an_empty_page_of_an_entry_takes_no_other_with_it() -> None:
    whole = read_snapshot(PLATFORM, saved())
    emptied = read_snapshot(PLATFORM, changed(lambda _: "", only="KB-2020-026"))
    assert set(whole.listings["source_id"]) - set(emptied.listings["source_id"]) == {"KB-2020-026"}
    (refused,) = emptied.quarantine[emptied.quarantine["source_id"] == "KB-2020-026"].to_dict("records")
    assert refused["reason"].endswith("KB-2020-026.html: not an HTML page; save the page itself")
