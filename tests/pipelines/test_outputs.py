"""A document that seems to hold contact data is not kept, and what was there stays."""

from pathlib import Path

import dagster as dg
import pytest
from upath import UPath

from pipelines.outputs import HoldsContacts, public_contacts
from pipelines.storage import DocumentStore


def test_nothing_is_kept_and_the_message_is_no_leak(tmp_path: Path) -> None:
    store, path = DocumentStore(UPath(tmp_path), public_contacts()), UPath(tmp_path / "lagebild" / "2020-W16")
    context = dg.build_output_context()
    store.dump_to_path(context, {"a.html": b"<p>first</p>", "b.csv": b"a;b"}, path)
    with pytest.raises(
        HoldsContacts, match=r"lagebild 2020-W16 is not kept.*b\.csv \(e-mail erik…\).*muted\.csv"
    ) as raised:
        store.dump_to_path(context, {"a.html": b"<p>second</p>", "b.csv": b"erika@clinic.example"}, path)
    assert "erika@" not in str(raised.value)
    assert {file.name: file.read_bytes() for file in path.iterdir()} == {"a.html": b"<p>first</p>", "b.csv": b"a;b"}


def test_offices_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUNDRADAR_ANSWERS_TO", "office@ministry.example")
    store = DocumentStore(UPath(tmp_path), public_contacts())
    store.dump_to_path(
        dg.build_output_context(), {"a.csv": b"office@ministry.example"}, UPath(tmp_path / "lagebild" / "x")
    )
    assert (tmp_path / "lagebild" / "x" / "a.csv").exists()
