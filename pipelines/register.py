"""The register of processing (Art. 30 GDPR) as a page, from the classes of data and what assets tell of themselves."""

from collections.abc import Iterable
from typing import NamedTuple

import dagster as dg
import pandera.pandas as pa

from assets.checks import TABLES
from pipelines.retention import FILE, GRACE, Periods


class Processing(NamedTuple):
    """One class of data: where it lies, whom it tells of, what for, who sees it, how it goes."""

    name: str  # of its period in `Periods`; "" where none is counted in weeks
    place: str
    tells: str
    purpose: str
    seen_by: str
    goes: str


CLASSES = (
    Processing(
        "raw",
        "`raw/`",
        "what people wrote to platforms, with names, addresses and numbers where the platform delivers them; sealed",
        "computing a week again, correcting how a platform is read",
        "nobody; the program opens it with `raw.key`",
        "`purge`; `erase` rewrites it",
    ),
    Processing(
        "tables",
        "`tables/`",
        "offers and requests of organisations; e-mail addresses are cut to their domain, telephone numbers masked",
        "matching, consortia, history of listings",
        "data staff",
        "`purge`; `erase` rewrites it",
    ),
    Processing(
        "vectors",
        "`tables/text_vectors`",
        "numbers that stand for the meaning of texts",
        "matching across languages",
        "nobody",
        "`purge`; made anew",
    ),
    Processing(
        "memory",
        "`memory/`",
        "what later weeks read of the tables",
        "computing a week without reading all before it",
        "nobody",
        "`purge`, `erase`; made anew",
    ),
    Processing(
        "reports",
        "`reports/`",
        "the same, as documents; scanned before they are kept",
        "task force, ministry, data staff, operators of platforms",
        "whoever they are sent to",
        "`purge`; `erase` rewrites it; copies that were sent are not ours to take back",
    ),
    Processing(
        "answers",
        "`answers/`",
        "mails and workbooks of leads who answered, with their names",
        "what came of opportunities; only number, state, reason and a masked note go to `cases.csv`",
        "data staff",
        "`purge`; `erase` rewrites it",
    ),
    Processing(
        "runs",
        "`dagster/`",
        "counts, states and times of runs; no values of rows",
        "finding out why a run failed",
        "data staff",
        "`purge`; `erase` rewrites it",
    ),
    Processing(
        "",
        "`cases.csv` and other decisions",
        "numbers of opportunities, roles instead of names, notes without contact data",
        "decisions of data staff and leads",
        "data staff",
        "by hand; `erase` rewrites it",
    ),
    Processing(
        "",
        "bucket of `VERBUNDRADAR_MIRROR`",
        "`tables/` and `reports/` once more",
        "reading them elsewhere",
        "whoever may read the bucket",
        "with the next `mirror`: within the hour, or by hand",
    ),
    Processing(
        "",
        "archives of `backup`",
        "all of the store but its keys; raw snapshots sealed",
        "starting again after a loss",
        "whoever keeps them",
        "by hand; whoever was erased since is taken out by `restore`",
    ),
    Processing(
        "",
        "`outbox/`",
        "a hash of message and recipient for each mail sent",
        "sending nothing twice",
        "nobody",
        "by hand",
    ),
    Processing(
        "",
        "`keys/erased.csv`",
        "keyed hashes of what was erased",
        "keeping out what was erased (Art. 17 and 5 (1) d GDPR)",
        "nobody",
        "never: it is what keeps somebody out",
    ),
)

_ASKED = """\
## When somebody asks

```console
verbundradar erase --email erika@clinic.example --phone "+49 711 123456" --name "Erika Musterfrau" --dry-run
verbundradar erase --email erika@clinic.example --phone "+49 711 123456" --name "Erika Musterfrau"
verbundradar erase --listing een:BRDE20200417
verbundradar erase
```

The first says where she stands and changes nothing, the second takes her out of all that is kept and keeps her out, the
third does so with a whole listing, the last applies the list again after a back-up was restored. [How, and what it
cannot do](decisions/erasing-a-person.md). Delete PDF copies and mails that were sent out yourself, and ask the platform
to delete the listing: as long as it delivers her, the words reach us and are taken out each time.

"""


def register_page(assets: Iterable[dg.AssetSpec]) -> str:
    """The page docs/privacy.md."""
    weeks = Periods().model_dump()
    classes = [
        (one.place, one.tells, one.purpose, one.seen_by, f"{weeks[one.name]} weeks" if one.name else "–", one.goes)
        for one in CLASSES
    ]
    return f"""\
# Privacy

Register of processing activities (Art. 30 GDPR; *Verzeichnis von Verarbeitungstätigkeiten*). `make pages` writes this
page from `pipelines/register.py` and from what the assets tell of themselves. The controller is the office that runs
the program; it adds its name, its data protection officer and the legal basis, for a public body usually Art. 6 (1) e
GDPR with the law that gives it the task.

Persons are none of the program's subjects. They occur because whoever writes for an organisation leaves a name and a
number. Nothing needs them: a firm is contacted through its platform, and no column holds a mailbox or a telephone
number.

## Classes of data

{table(("place in the store", "tells of", "purpose", "seen by", "kept", "goes by"), classes)}

Periods count from the day of storing. `{FILE}` in the store changes them; the check `retention` of each week warns, and
`verbundradar purge --dry-run` ends with 2, when anything has been due for more than {GRACE.days} days. Reasons:
[retention](decisions/retention.md), [sealed snapshots](decisions/sealed-snapshots.md).

{_ASKED}## Tables, and what in them may tell of a person

{table(("table", "what it holds", "may tell of a person"), _tables(assets))}
"""


def _tables(assets: Iterable[dg.AssetSpec]) -> list[tuple[str, ...]]:
    holds = {spec.key.to_user_string(): str(spec.description) for spec in assets}
    return [(f"`{name}`", holds[name], _personal(model)) for name, model in sorted(TABLES.items())]


def _personal(model: type[pa.DataFrameModel]) -> str:
    """Which columns of a table may tell of a person, and how."""
    columns = model.to_schema().columns
    told = {name: column.metadata.get("personal") for name, column in columns.items() if column.metadata}
    return "; ".join(f"`{name}`: {how}" for name, how in told.items() if how) or "–"


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of a page; a bar, which would end a cell, becomes a slash."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
