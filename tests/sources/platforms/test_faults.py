"""The fault matrix: every fault at every platform that is read over HTTP, against a real server on loopback.

A faulty platform must fail alone and with a reason, or give exactly what it gives without the fault: never half of it.
One bad item among good ones, in whatever format, is refused alone.
What may become of a platform under each fault is what `docs/platforms.md` says.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import sources.platform
from sources.access.http import HttpClient, Manners
from sources.platform import Parsed, Platform, PlatformError
from sources.platforms import PLATFORMS
from sources.samples.server import FAULTS, SampleServer
from sources.week import Week
from sources.weekly.intake import count_refused, read_snapshot

BRIEF = Manners(tries=1, backoff=0.0, longest_wait=0.0, pause=0.0, max_bytes=2_000_000)
HASTY = replace(BRIEF, timeout=0.6)  # for what trickles alone: a busy machine answers late
DOCS = Path(__file__).parents[3] / "docs" / "platforms.md"
SAME_ROWS = "same rows"
OTHER_ROWS = "all other rows"  # and the bad ones refused
PROMISED = dict(
    re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", DOCS.read_text("utf-8").partition("| fault |")[2], re.MULTILINE)
)


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[SampleServer]:
    server = SampleServer(Week(2020, 16))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def read(platform: Platform, server: SampleServer, manners: Manners) -> Parsed:
    with HttpClient(platform, server.base_url, manners=manners) as client:
        return read_snapshot(platform, platform.fetch(client, platform.url))


@cache
def expected(platform: Platform, server: SampleServer) -> Parsed:
    assert not server.faults
    with HttpClient(platform, server.base_url) as client:
        return read_snapshot(platform, platform.fetch(client, platform.url))


def outcome(platform: Platform, server: SampleServer, fault: str) -> set[str]:
    """The error by its class and the classes above it, or `SAME_ROWS`; anything else is a failure of the test."""
    whole = expected(platform, server)
    server.faults[platform.name] = fault
    try:
        parsed = read(platform, server, HASTY if fault == "slow" else BRIEF)
    except PlatformError as error:
        return {kind.__name__ for kind in type(error).__mro__} if str(error) else {"no reason"}
    finally:
        server.faults.clear()
    pd.testing.assert_frame_equal(parsed.listings, whole.listings)
    if parsed.members is not None:
        assert whole.members is not None
        pd.testing.assert_frame_equal(parsed.members, whole.members)
    more = count_refused(parsed.quarantine) - count_refused(whole.quarantine)
    return {OTHER_ROWS if more else SAME_ROWS}


def test_every_fault_is_documented() -> None:
    """What the network did to an answer shows as unreachable, what stands in it as broken; one fault may do no harm."""
    assert list(PROMISED) == list(FAULTS)
    for fault, promise in PROMISED.items():
        kinds = re.findall(r"`(\w+)`", promise)
        assert all(issubclass(getattr(sources.platform, kind), PlatformError) for kind in kinds)
        assert bool(kinds) == (fault != "bad_item")
        assert (SAME_ROWS in promise) == (fault == "wrong_encoding")
        assert (OTHER_ROWS in promise) == (fault == "bad_item")


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_a_faulty_platform_fails_alone_with_a_reason_or_loses_nothing(platform: Platform, server: SampleServer) -> None:
    for fault, promise in PROMISED.items():
        found = outcome(platform, server, fault)
        promised = {*re.findall(r"`(\w+)`", promise), *(rows for rows in (SAME_ROWS, OTHER_ROWS) if rows in promise)}
        assert found & promised, (fault, found)


def test_without_faults_the_network_gives_what_the_inbox_gives(server: SampleServer) -> None:
    for platform in PLATFORMS:
        parsed = expected(platform, server)
        assert len(parsed.listings) + (0 if parsed.members is None else len(parsed.members)) > 0, platform.name


def test_versions_and_rates(server: SampleServer) -> None:
    platform = next(platform for platform in PLATFORMS if platform.name == "medicalmountains_drehscheibe")
    with HttpClient(platform, server.base_url) as client:
        first = platform.fetch(client, platform.url)
    with HttpClient(platform, server.base_url, known=first) as client:
        second = platform.fetch(client, platform.url)
    assert first[0].content == second[0].content
    time.sleep(0.3)
    server.requests_per_second = 5.0
    try:
        waits: list[float] = []
        with HttpClient(platform, server.base_url, manners=Manners(pause=0.0), sleep=waits.append) as client:
            client.get(platform.url)
            with pytest.raises(PlatformError, match="429"):
                client.get(platform.url)
    finally:
        server.requests_per_second = None
    assert 1.0 in waits  # the server's own Retry-After
