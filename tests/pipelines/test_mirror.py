"""A copy of tables and reports is asked for until it was made, and tells what failed. See test_installation for S3."""

from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines.jobs import write_mirror
from pipelines.mirror import Mirror
from pipelines.resources import mirror_address
from pipelines.schedules import mirror_of_store
from sources.week import LOCAL_TIME

AN_HOUR = datetime(2020, 4, 27, 7, 45, tzinfo=LOCAL_TIME)
FILES = {
    "tables/listings/2020-W15.parquet": b"PAR1",
    "reports/lagebild/2020-W15/lagebild.de.html": b"<p>Handschuhe</p>",
}


def is_asked_for(mirror: Mirror) -> bool:
    context = dg.build_schedule_context(scheduled_execution_time=AN_HOUR, resources={"mirror": mirror})
    return bool(mirror_of_store.evaluate_tick(context).run_requests)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for name, content in {**FILES, "cases.csv": b"", "tables/.unfinished.1-a": b"", "raw/a": b""}.items():
        path = tmp_path / "store" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "store"


def test_a_copy_is_asked_for_until_it_was_made(store: Path, tmp_path: Path) -> None:
    assert not is_asked_for(Mirror(store, ""))
    (tmp_path / "full").write_bytes(b"")
    broken, working = (Mirror(store, f"file://{tmp_path}/{place}") for place in ("full/radar", "copy"))
    with dg.DagsterInstance.ephemeral() as instance:
        for mirror, is_well in ((broken, False), (working, True)):
            assert is_asked_for(mirror)
            done = write_mirror.execute_in_process(
                instance=instance, resources={"mirror": mirror}, raise_on_error=False
            )
            assert done.success == is_well
    assert not is_asked_for(working)
    found = {path.relative_to(tmp_path / "copy").as_posix(): path for path in (tmp_path / "copy").rglob("*.*")}
    assert {name: path.read_bytes() for name, path in found.items() if name in FILES} == FILES
    assert found.keys() == FILES.keys()  # and SHA256SUMS, which has no dot
    (store / "reports" / "lagebild" / "2020-W15" / "lagebild.de.html").write_bytes(b"<p>Kittel</p>")
    assert is_asked_for(working)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("bucket/folder", "is not an address"),
        ("http://s3.example/bucket", "is not an address"),
        ("s3://key:secret@bucket/folder", "holds a login"),
        ("s3://bucket/folder?access_key=a", "holds a login"),
    ],
)
def test_an_address_that_is_none_or_holds_a_login_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("VERBUNDRADAR_MIRROR", address)
    with pytest.raises(ValueError, match=said):
        mirror_address()
