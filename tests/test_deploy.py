"""The files in deploy/ name only what exists: commands, settings, packages, and the same values as the program."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.instance import DAGSTER_YAML

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
SETTINGS = dict(
    re.findall(r"^#?((?:VERBUNDRADAR|AWS)_\w+)=(.*)$", (DEPLOY / "settings.env").read_text("utf-8"), re.MULTILINE)
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
APPS = ("daemon", "ui-staff", "ui-viewers")


def program_text() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "pipelines").rglob("*.py")))


def test_every_setting_is_one_that_the_program_reads() -> None:
    text = program_text()
    # Where names are put together, their parts stand in the code.
    parts = {"IMAP_USER", "IMAP_PASSWORD", "SMTP_PASSWORD", "POSTGRES_PASSWORD", "ALERT_TO", "ALERT_FROM"}
    for name in SETTINGS:
        part = name.removeprefix("VERBUNDRADAR_").removesuffix("_FILE")
        known = name in text or f'"{part}"' in text or (part in parts and f'_{part.split("_")[1]}"' in text)
        assert known, f"{name} is not read"


def test_no_secret_stands_in_a_file() -> None:
    for path in DEPLOY.iterdir():
        if path.is_file():
            text = path.read_text("utf-8")
            assert not re.search(r"(?i)(password|secret|token)\w*[=:] *[\"']?\w{6,}[\"']?$(?<!_FILE)", text, re.M), path
            assert not re.search(r"://[^/\s:@]+:[^/\s@]+@", text), path
    assert all(value.startswith("/run/secrets/") for name, value in SETTINGS.items() if name.endswith("_FILE"))


def test_secrets_and_volumes_that_settings_name_are_mounted() -> None:
    active = re.findall(r"^(\w+)=(/.*)$", (DEPLOY / "settings.env").read_text("utf-8"), re.MULTILINE)
    daemon, (pod,) = COMPOSE["services"]["daemon"], VALUES["dagster-user-deployments"]["deployments"]
    mounted = [volume.split(":")[-2 if volume.endswith(":ro") else -1] for volume in daemon["volumes"]]
    mounted += [f"/run/secrets/{name}" for name in daemon["secrets"]]
    in_pod = [mount["mountPath"] for mount in pod["volumeMounts"]]
    for name, path in active:
        assert path in mounted, name
        assert any(Path(path).is_relative_to(mount) for mount in in_pod), name


@pytest.mark.parametrize("service", APPS)
def test_what_compose_starts_is_a_command(service: str) -> None:
    words = COMPOSE["services"][service]["command"]
    said = CliRunner().invoke(main, [*words, "--help"])
    assert said.exit_code == 0, said.output
    assert all(word in said.output for word in words if word.startswith("-"))


def test_services_may_do_no_more_than_they_must() -> None:
    services: dict[str, dict[str, Any]] = COMPOSE["services"]
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in services.values())
    assert [name for name, one in services.items() if "ports" in one] == ["nginx"]
    assert {name for name, one in services.items() if "store:/store" in one.get("volumes", [])} == {"daemon"}
    assert "--read-only" in services["ui-viewers"]["command"]
    assert not {"records", "outside"} <= {*services["nginx"]["networks"]}
    assert "USER 10001" in DOCKERFILE
    (pod,) = VALUES["dagster-user-deployments"]["deployments"]
    for one in (pod, VALUES["dagsterWebserver"], VALUES["dagsterDaemon"]):
        assert one["podSecurityContext"]["runAsUser"] == 10001
        assert one["securityContext"]["readOnlyRootFilesystem"]


def test_the_door_leads_to_services_of_compose() -> None:
    upstreams = re.findall(r"upstream \w+ \{ server ([\w-]+):3000; \}", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert sorted(upstreams) == ["ui-staff", "ui-viewers"]
    assert set(upstreams) <= COMPOSE["services"].keys()


def test_the_image_holds_what_the_program_is_made_of() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied == set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert "--require-hashes --constraint requirements.lock -r pyproject.toml --extra production" in DOCKERFILE
    assert "production" in PROJECT["project"]["optional-dependencies"]
    (version,) = {VALUES["dagsterDaemon"]["image"]["tag"], VALUES["dagsterWebserver"]["image"]["tag"]}
    assert version == PROJECT["project"]["version"]
    assert f"verbundradar:${{VERBUNDRADAR_VERSION:-{version}}}" == COMPOSE["services"]["daemon"]["image"]
    tested = (ROOT / ".ci" / "run").read_text("utf-8")
    installed = re.search(r"--no-install-recommends ([\w. -]+)", DOCKERFILE)
    assert installed
    assert all(package in tested for package in installed[1].split())


def test_the_chart_sets_what_the_program_sets_for_itself() -> None:
    own = yaml.safe_load(DAGSTER_YAML)
    daemon = VALUES["dagsterDaemon"]
    queue = daemon["runCoordinator"]["config"]["queuedRunCoordinator"]
    assert queue == {
        "maxConcurrentRuns": own["run_coordinator"]["config"]["max_concurrent_runs"],
        "dequeueIntervalSeconds": own["run_coordinator"]["config"]["dequeue_interval_seconds"],
    }
    assert daemon["runMonitoring"]["pollIntervalSeconds"] == own["run_monitoring"]["poll_interval_seconds"]
    assert VALUES["pythonLogs"]["pythonLogLevel"] == own["python_logs"]["python_log_level"]
    assert VALUES["telemetry"] == own["telemetry"]
    for one in ("schedule", "sensor"):
        assert VALUES["retention"][one]["purgeAfterDays"] == own["retention"][one]["purge_after_days"]
    assert VALUES["computeLogManager"]["type"] == own["compute_logs"]["class"]
    assert VALUES["postgresql"]["postgresqlScheme"] == "postgresql+psycopg2"


def test_commands_in_the_guide_exist() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    for word in set(
        re.findall(r"verbundradar (?!\w+/)([a-z]+)(?= |`|$)", "\n".join(console_lines(text)), re.MULTILINE)
    ):
        assert CliRunner().invoke(main, [word, "--help"]).exit_code == 0, word


def console_lines(text: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_shell_lines_of_the_guide_are_well_formed() -> None:
    lines = "\n".join(console_lines((DEPLOY / "README.md").read_text("utf-8")))
    subprocess.run(["bash", "-n"], input=lines, text=True, check=True, env={"PATH": os.environ["PATH"]})
