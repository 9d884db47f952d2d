"""Write the sample inboxes: ``python -m sources.samples.build`` wraps the texts in each platform's own format.

Same texts, same bytes. To add an entry: one item in `texts/<platform>.yaml`, run this, review the golden tables.
"""

import shutil
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

import yaml

from sources.platform import Platform
from sources.platforms import PLATFORMS
from sources.samples import interfaces, messages, pages, sheets
from sources.samples.sheets import Files, to_csv
from sources.samples.truth import truth
from sources.week import Week

FOLDER = Path(__file__).parent
RECORDED = FOLDER / "recorded"  # an inbox with one page of every platform that the written world does not know
WEEKS = tuple(Week(2020, number) for number in range(13, 19))


def texts(platform: str) -> list[Any]:
    """The written entries of a platform."""
    entries: list[Any] = yaml.load((FOLDER / "texts" / f"{platform}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 -- strings only, safe
    return entries


def biopro_boerse(week: Week) -> Files:
    """List pages of ten entries, newest first, and a detail page for each."""
    entries = [as_of(entry, week) for entry in texts("biopro_boerse") if is_shown(entry, week)]
    entries.sort(key=lambda entry: entry["nr"], reverse=True)
    pages = [entries[start : start + 10] for start in range(0, len(entries), 10)]
    files = {
        f"biopro_boerse/liste-{number}.html": _boerse_list(page, number, len(pages)).encode()
        for number, page in enumerate(pages, start=1)
    }
    details = {
        f"biopro_boerse/KB-2020-{entry['nr']}.html": _boerse_detail(entry).encode()
        for entry in entries
        if entry.get("page") != "missing"
    }
    return files | details


def _boerse_list(entries: Sequence[dict[str, Any]], number: int, pages: int) -> str:
    items = "\n".join(
        f'  <li class="boerse-eintrag"><span class="art">{escape(entry["Art"])}</span>\n'
        f'    <a class="boerse-titel" href="/boerse/eintrag/KB-2020-{entry["nr"]}">{escape(entry["Titel"])}</a>\n'
        f'    <span class="ort">{escape(entry["Firma"][3])}</span> <time>{entry["am"]}</time></li>'
        for entry in entries
    )
    following = f'<a class="seite-weiter" href="/boerse/?seite={number + 1}">weiter</a>' if number < pages else ""
    return _boerse_page(
        "Coronavirus-Kooperationsbörse",
        f'<ol class="boerse-liste">\n{items}\n</ol>\n<nav>Seite {number} von {pages} {following}</nav>',
    )


def _boerse_detail(entry: dict[str, Any]) -> str:
    name, kind, street, place, website, email = entry["Firma"]
    labelled = {
        "Art": entry["Art"], "Kategorie": entry.get("Kategorie"), "Organisation": name, "Organisationstyp": kind,
        "Straße": street, "PLZ / Ort": place, "Land": entry.get("Land"), "Webseite": website, "E-Mail": email,
        "Menge": entry.get("Menge"), "Mindestmenge": entry.get("Mindestmenge"),
        "Fertigungsschritt": entry.get("Fertigungsschritt"), "Normen": entry.get("Normen"),
        "Medizinprodukt": entry.get("Medizinprodukt"), "Steril": entry.get("Steril"), "Nachweis": entry.get("Nachweis"),
        "Dringlichkeit": entry.get("Dringlichkeit"), "Gesuchte Partner": entry.get("Gesuchte Partner"),
        "Verfügbar ab": entry.get("ab"), "Verfügbar bis": entry.get("bis"),
        "Prüfung durch BIOPRO": entry.get("Prüfung durch BIOPRO", "freigegeben"),
        "Status": entry.get("Status", "offen"), "Wunschpreis": entry.get("Wunschpreis"), "Eingestellt am": entry["am"],
        "Aktualisiert am": entry.get("Aktualisiert am"),
    }  # fmt: skip
    rows = "\n".join(f"  <dt>{label}:</dt><dd>{escape(value)}</dd>" for label, value in labelled.items() if value)
    text = escape(entry.get("Beschreibung", ""))
    return _boerse_page(
        "Eintrag",
        f'<article class="boerse-detail">\n<h1>{escape(entry["Titel"])}</h1>\n<dl>\n{rows}\n</dl>\n'
        f'<div class="boerse-text"><p>{text}</p></div>\n</article>',
    )


def _boerse_page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="de">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<header>BIOPRO Baden-Württemberg</header>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


FLAGS = (
    "N95s", "Surgical masks", "Face shields", "Gowns", "Hand sanitizer", " Safety goggles", "Gloves",
    " Disinfecting wipes", " Disposable booties", " Thermometers", " Surgical Masks",
)  # fmt: skip


def findthemasks(week: Week) -> Files:
    """The sheet as exported at the end of the week."""
    header = (
        "Approved Deduped Timestamp name address orig_address city state instructions accepting open_box request_type "
        "org_type ccn runout shortages Lat Lng"
    ).split()
    rows = []
    for entry in texts("findthemasks"):
        at, name, street, city, state, code, lat, lng, accepting, open_box, request, kind, ccn, runout, shortages = (
            entry
        )
        if _american_day(at) <= week.sunday:
            address = f"{street}\n{city}, {state} {code}"
            flags = [str(flag.strip() in accepting) for flag in FLAGS]
            site = ["x", "", at, name, address, address, city, state, "Loading dock, ring the bell"]
            needs = [accepting, open_box, request, kind, ccn, runout, shortages, lat, lng]
            rows.append([*site, *needs, *flags])
    return {"findthemasks_requests.csv": to_csv([*header, *FLAGS], rows)}


def _american_day(text: str) -> date:
    try:
        return datetime.strptime(text, "%m/%d/%Y %H:%M:%S").date()  # noqa: DTZ007 -- a day on a sheet, no moment
    except ValueError:
        return date.min


def getusppe(week: Week) -> Files:
    """The table of donations as exported at the end of the week."""
    header = ["donorKey", "donationkey", "equipmentEnum", "qty", "datecreated", "dataSource", "stateprovince"]
    rows = [
        [key(donor), key(donation), item, quantity, created, "Guppe Intake", state]
        for donor, donation, item, quantity, created, state in texts("getusppe")
        if created[:10] <= week.sunday.isoformat() or not created[0].isdigit()
    ]
    return {"getusppe_offers.csv": to_csv(header, rows)}


def key(text: str) -> str:
    """A key as databases make them, the same for the same text."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{text}.example"))


def is_shown(entry: dict[str, Any], week: Week) -> bool:
    """Whether a platform shows an entry in a week; ``shown`` is the first and last week number."""
    first, last = (int(number) for number in entry["shown"])
    return first <= week.number <= last


def as_of(entry: dict[str, Any], week: Week) -> dict[str, Any]:
    """An entry with the changes that its owner made up to a week."""
    changes = sorted((int(number), change) for number, change in entry.get("changes", {}).items())
    return entry | {
        name: value for number, change in changes if number <= week.number for name, value in change.items()
    }


BUILDERS: dict[str, Callable[[Week], Files]] = {
    "bw_aufruf": sheets.bw_aufruf,
    "biolago": sheets.biolago,
    "biom_covid19": interfaces.biom_covid19,
    "biopro_boerse": biopro_boerse,
    "biopro_hotline": messages.biopro_hotline,
    "biosaxony": interfaces.biosaxony,
    "biovalley_france": pages.biovalley_france,
    "cebr": pages.cebr,
    "cyberlago": interfaces.cyberlago,
    "een": interfaces.een,
    "findthemasks": findthemasks,
    "getusppe": getusppe,
    "go_cluster": messages.go_cluster,
    "lifescience_nord": messages.lifescience_nord,
    "linkhealth_bw": sheets.linkhealth_bw,
    "logistik_mitteldeutschland": sheets.logistik_mitteldeutschland,
    "medicalmountains_drehscheibe": pages.medicalmountains_drehscheibe,
    "place2tex": sheets.place2tex,
    "sammelordner": sheets.sammelordner,
    "ted": interfaces.ted,
}


def inbox_of(platform: Platform, week: Week) -> Path:
    """The inbox folder in which a platform's sample of a week lies: `RECORDED` in any week unless it is written here."""
    return FOLDER / str(week) if platform.name in BUILDERS else RECORDED


def world() -> tuple[Platform, ...]:
    """The platforms of the written world, which have a sample of their own in every week."""
    return tuple(platform for platform in PLATFORMS if platform.name in BUILDERS)


def main() -> None:
    """Write every week's inbox and the truth file anew."""
    (FOLDER / "truth.json").write_bytes(interfaces.to_json(truth()))
    for week in WEEKS:
        shutil.rmtree(FOLDER / str(week), ignore_errors=True)
        for builder in BUILDERS.values():
            for name, content in builder(week).items():
                path = FOLDER / str(week) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


if __name__ == "__main__":
    main()
