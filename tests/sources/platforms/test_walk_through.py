"""`docs/add-a-platform.md`, followed word by word in a copy of the project, whose tests then pass."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
# What derives from the registry; of what takes long, only what is about the new platform.
PLATFORM_PART = (
    "tests/test_readme.py",
    "tests/sources/test_samples.py",
    "tests/sources/platforms",
    "tests/reports/test_rejects.py",
    "tests/pipelines/test_sources_commands.py",
)
SLOW = ("walk_through", "faulty_platform", "world", "truth", "script_writes", "simulate")


def call(copy: Path, *command: str) -> str:
    """What a command says in the copy, whose packages come first; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("RENEW_GOLDENS", None)
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Path:
    """The project as git would hand it on, as a repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not in a git repository")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    call(tmp_path, "git", "init", "--quiet")
    call(tmp_path, "git", "add", "--all")
    return tmp_path


def one(pattern: str, text: str) -> str:
    [found] = re.findall(pattern, text, re.DOTALL)
    return str(found)


def add_line(path: Path, block: str, line: str) -> None:
    """A line into a bracketed block of a module, by the alphabet if the block is in its order, else at the end."""
    head, begin, rest = path.read_text("utf-8").partition(block)
    body, end, tail = rest.partition("\n)")
    lines = body.strip("\n").splitlines()
    ordered = sorted([*lines, f"    {line}"]) if lines == sorted(lines) else [*lines, f"    {line}"]
    path.write_text(f"{head}{begin}\n" + "\n".join(ordered) + f"{end}{tail}", "utf-8")


def test_the_walk_through_makes_a_platform(copy: Path) -> None:
    steps = (copy / "docs" / "add-a-platform.md").read_text("utf-8")
    module, line, page, look, _ = re.split(r"^\d\. \*\*", steps, flags=re.MULTILINE)[1:]
    written = {
        one(r"`(sources/platforms/\w+\.py)`", module): one(r"```python\n(.*?)```", module),
        one(r"`(sources/samples/\S+)`", page): one(r"```csv\n(.*?)```", page),
    }
    for name, content in written.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(content, "utf-8")
    registry = one(r"`(sources/platforms/__init__\.py)`", line)
    add_line(copy / registry, "PLATFORMS: tuple[Platform, ...] = (", one(r"`(\w+\.PLATFORM,)`", line))
    add_line(copy / registry, "from sources.platforms import (", one(r"`(\w+,)`", line))

    # The command as it stands, without setting up what runs already.
    call(copy, "make", "--assume-old=.venv/.ready", f"BIN={BIN}", *one(r"`make (tables)`", look).split())
    changed = set(call(copy, "git", "ls-files", "--modified", "--others", "--exclude-standard").splitlines())
    golden = {f"tests/sources/platforms/golden/rheinbruecke.{part}.csv" for part in ("listings", "quarantine")}
    assert changed == {*written, registry, "README.md", "docs/platforms.md", *golden}
    read, refused = ((copy / name).read_text("utf-8") for name in sorted(golden))
    assert "offer,FFP2-Masken" in read
    assert "5000.0,piece,week" in read
    assert refused.count("\n") == 2
    assert refused.rstrip().endswith("tausche")

    call(copy, "ruff", "format", "--check", *[name for name in (*written, registry) if name.endswith(".py")])
    call(copy, "ruff", "check", *[name for name in (*written, registry) if name.endswith(".py")])
    chosen = " and ".join(f"not {words}" for words in SLOW) + " or rheinbruecke"
    said = call(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *PLATFORM_PART)
    assert int(one(r"(\d+) passed", said)) > 150, said
