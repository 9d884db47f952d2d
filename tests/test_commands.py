"""Every command in the documents is one: it parses, and those in blocks are run, or the tables below say why not."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from pipelines.cli import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    path
    for pattern in ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "deploy/**/*.md", "benchmarks/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if "CHANGELOG" not in path.name  # tells of what was
]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    ((?:python|verbundradar|make|git) .*)$", re.MULTILINE)
INLINE = re.compile(r"`(?:\.venv/bin/)?((?:verbundradar|make|python|pytest) [^`]+)`")
SHELLS = ("console", "sh", "bash", "shell")
# Programs that are not ours, in blocks: they are not run.
FOREIGN = {
    "cp": "of the machine",
    "curl": "asks a server that is not there; tests/pipelines/test_sources_commands.py asks its like",
    "git": "of the machine",
    "mkdir": "of the machine; run where a command needs the folder",
    "pybabel": "begins a catalogue, which `make messages` would then want translated",
}
# What our commands in blocks begin with -> why they are not run here.
NOT_RUN = {
    "make report": "sets up; tests/pipelines/test_run.py runs the same weeks",
    "make test": "runs this test",
    "make messages": "changes the catalogues; tests/reports/test_language.py holds them",
    "verbundradar dev": "stays until it is stopped; tests/pipelines/test_ui.py starts it",
    "verbundradar simulate": "stays until it is stopped; tests/pipelines/test_sources_commands.py starts it",
    "verbundradar run --live": "needs the server of the line above; tests/pipelines/test_live.py has one",
    "verbundradar run --inbox": "another week; tests/pipelines/test_run.py runs one from an inbox",
    "verbundradar run --week 2020-W17..2020-W18": "two weeks; tests/pipelines/test_run.py runs two",
    "verbundradar run --week 2020-W18 --anew": "the week once more; tests/pipelines/test_run.py runs one anew",
    "verbundradar open --store data/rheinbruecke": "needs the week of a platform that the page makes up",
    "verbundradar erase --listing": "takes as long as the call before; tests/pipelines/test_erase.py erases one",
    "verbundradar match": "encodes the whole taxonomy; tests/pipelines/test_match_command.py runs it on small tables",
    "verbundradar statistics": "needs whole weeks; tests/pipelines/test_run.py runs it on those",
    "python": "measures for minutes to hours",
}
# Needs machines and services; tests/test_deploy.py starts what runs from packages.
DEPLOY = "deploy/"
ELSEWHERE = ("../shared/", "old/")  # scripts that are not in the project, and an older state of it
FEW = ("--platform", "biopro_boerse")  # of the one week that is run here: a board that alone makes consortia
FIRST = ("verbundradar", "run", "--week", "2020-W18")  # all others find what it leaves
WITH_WARNINGS = 2


class Command(NamedTuple):
    document: str
    words: tuple[str, ...]
    is_block: bool

    def __str__(self) -> str:
        return " ".join(self.words)


def split(document: Path, text: str, is_block: bool) -> Iterator[Command]:
    """The commands of a line; comments and what is put into the background go, `&&` joins two."""
    for part in text.split("&&"):
        words = [word for word in shlex.split(part, comments=True) if word != "&"]
        if words:
            program = words[0].removeprefix(".venv/bin/")
            yield Command(str(document.relative_to(ROOT)), (program, *words[1:]), is_block)


def commands(document: Path) -> Iterator[Command]:
    text = document.read_text("utf-8")
    for language, block in FENCED.findall(text):
        if language in SHELLS:
            for line in block.replace("\\\n", " ").splitlines():
                yield from split(document, line, is_block=True)
    rest = FENCED.sub("", text)
    for line in INDENTED.findall(rest):
        yield from split(document, line, is_block=True)
    for span in INLINE.findall(INDENTED.sub("", rest)):
        yield from split(document, " ".join(span.split()), is_block=False)


ALL = [command for document in DOCUMENTS for command in commands(document)]


def is_placeholder(value: object) -> bool:
    """Something that stands for what a reader has, or for what a walk-through makes."""
    return isinstance(value, str) and re.fullmatch(r"[A-Z:]+|<.*>|…|rheinbruecke", value) is not None


def parse(words: Sequence[str]) -> None:
    """A call of ``verbundradar``: command, options, number of arguments, and values that are no files."""
    name, *rest = words
    command = main.get_command(click.Context(main), name)
    assert command is not None, f"no command {name}"
    context = click.Context(command, info_name=name)
    values, extra, _ = command.make_parser(context).parse_args(list(rest))
    assert not extra, f"more than {name} takes: {extra}"
    for parameter in command.params:
        given = values.get(parameter.name)
        for value in given if isinstance(given, list | tuple) else [given]:
            if isinstance(value, str) and not is_placeholder(value) and not isinstance(parameter.type, click.Path):
                parameter.type.convert(value, parameter, context)


def targets(words: Sequence[str]) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert known
    for word in words:
        name, is_variable, _ = word.partition("=")
        assert f"$({name})" in makefile if is_variable else name in known[1].split(), word


def script(words: Sequence[str]) -> None:
    """A module or file of the project that knows the options."""
    file, rest = (words[1].replace(".", "/") + ".py", words[2:]) if words[0] == "-m" else (words[0], words[1:])
    if file.startswith(ELSEWHERE):
        return
    text = (ROOT / file).read_text("utf-8")
    for module in re.findall(r"^from (benchmarks[\w.]*) import", text, re.MULTILINE):
        used = ROOT / f"{module.replace('.', '/')}.py"
        text += used.read_text("utf-8") if used.is_file() else ""
    for option in (word for word in rest if word.startswith("--")):
        assert f'"{option}"' in text, f"{file} knows no {option}"


def paths(words: Sequence[str]) -> None:
    for word in words:
        assert not word.startswith("tests/") or (ROOT / word).exists(), word


PARSERS = {"verbundradar": parse, "make": targets, "python": script, "pytest": paths}


@pytest.mark.parametrize("document", sorted({one.document for one in ALL}))
def test_every_command_parses(document: str) -> None:
    for command in (one for one in ALL if one.document == document):
        # Behind `docker compose exec SERVICE` stands a command of ours.
        is_behind = command.words[0] == "docker" and "verbundradar" in command.words
        behind = command.words.index("verbundradar") if is_behind else 0
        program, *rest = command.words[behind:]
        is_held = program in PARSERS or program in FOREIGN or command.document.startswith(DEPLOY)
        assert is_held, f"{command}: say in this test how it is known to be right"
        if program in PARSERS:
            try:
                PARSERS[program](rest)
            except (AssertionError, OSError, click.ClickException) as error:
                pytest.fail(f"{command}: {error}")


def why_not(command: Command) -> str | None:
    return next((why for begin, why in NOT_RUN.items() if f"{command} ".startswith(f"{begin} ")), None)


def test_no_reason_outlives_its_command() -> None:
    blocks = [one for one in ALL if one.is_block and not one.document.startswith(DEPLOY)]
    assert [begin for begin in NOT_RUN if not any(f"{one} ".startswith(f"{begin} ") for one in blocks)] == []
    assert set(FOREIGN) == {one.words[0] for one in blocks} - set(PARSERS)


@pytest.fixture(scope="module", name="here")
def _here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a store of the samples, as the documents take it to be: the newest week, of one platform."""
    here = tmp_path_factory.mktemp("documents")
    (here / "inbox" / "sammelordner").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setenv("BROWSER", "true")  # the program of that name: nothing opens
        code, said = call(FIRST[1:], here)
        assert code in (0, WITH_WARNINGS), said
        yield here


def test_commands_in_blocks_run(here: Path) -> None:
    """In the order of the documents, each once: later ones find what earlier ones left. The first was run for all."""
    blocks = [one for one in ALL if one.is_block and not one.document.startswith(DEPLOY)]
    to_run = [one for one in blocks if one.words[0] not in FOREIGN and not why_not(one)]
    assert len(to_run) > 12
    for words in dict.fromkeys(one.words for one in to_run if one.words != FIRST):
        assert words[0] == "verbundradar", f"{words}: run it, or say why not"
        code, said = call(words[1:], here)
        assert code in ((0, WITH_WARNINGS) if words[1] in ("run", "schedules") else (0,)), f"{words}: {code}\n{said}"


def call(words: Sequence[str], here: Path) -> tuple[int, str]:
    """Runs and schedules in a process of their own, since Dagster keeps what it was told about one."""
    if words[0] == "run":
        words = [*words, *FEW]
    if words[0] in ("run", "schedules"):
        program = Path(sys.executable).with_name("verbundradar")
        done = subprocess.run([program, *words], cwd=here, capture_output=True, text=True, timeout=300, check=False)
        return done.returncode, done.stdout + done.stderr
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output
