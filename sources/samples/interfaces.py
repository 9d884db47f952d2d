"""Samples of the platforms with an interface for programs: JSON, page by page."""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from sources.platforms.een import PAGE_SIZE
from sources.samples.pages import biom_entries, is_closed
from sources.samples.sheets import Files
from sources.samples.world import TEXTS, Statement, amount_words, draw, pick, shown, topics
from sources.week import Week

TED_PAGE = 20
ALPHA3 = {"DE": "DEU", "FR": "FRA"}


def to_json(value: Any) -> bytes:
    """JSON as servers write it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _pages(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, max(len(items), 1), size)]


def een(week: Week) -> Files:
    """Profiles by offset; some limited, some published but closed for interest, one that contradicts itself."""
    profiles = [_profile(said, week) for said in shown("een", week)]
    odd = {**profiles[0], "reference": "TRDE20200330901", "type": "BO"} if profiles else {}
    old = {**odd, "reference": "BODE20200101902", "status": "ARCHIVED"}
    profiles += [odd, old] if odd else []
    pages = _pages(profiles, PAGE_SIZE)
    return {
        f"een/profiles-{number}.json": to_json(
            {"total": len(profiles), "limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE, "profiles": page}
        )
        for number, page in enumerate(pages, start=1)
    }


def _profile(said: Statement, week: Week) -> dict[str, Any]:
    keys = (said.firm.firm_id, said.topic)
    is_idea, is_limited = draw(*keys, "idea") % 8 == 0, draw(*keys, "limited") % 5 == 0
    kind = "RDR" if is_idea else ("B" if draw(*keys) % 2 else "T") + ("R" if said.kind == "request" else "O")
    return {
        "reference": f"{kind}{said.firm.country}{said.posted_on:%Y%m%d}{said.number:03d}",
        "type": kind,
        "title": said.title,
        "summary": said.text,
        "description": None if is_limited else f"The company is based in {said.firm.country}. {said.text}",
        "country": said.firm.country,
        "city": None if is_limited else said.firm.city,
        # Seen as a text and as a number too, so all three are here.
        "openForEOI": (True, "true", 1)[said.number % 3] if draw(*keys, "eoi") % 9 else False,
        "status": "WITHDRAWN" if is_closed(said, week) else "PUBLISHED",
        "limited": is_limited,
        "datePublished": f"{said.posted_on}",
        "dateUpdated": None,
        "deadline": None if draw(*keys) % 3 else "2020-09-30",
        "partnerSought": pick(
            ("manufacturer", "research institute; test laboratory", "distributor", "hospital"), *keys
        ),
        "targetCountries": ["DE", "FR"],
        "stage": None
        if is_limited
        else pick(("available for demonstration", "on the market", "under development"), *keys),
        "ipr": None if is_limited else "secret know-how",
        "volume": None if is_limited else amount_words(said),
        "keywords": [topics()[said.topic]["en"][0][0]],
    }


def ted(week: Week) -> Files:
    """Notices by token; one closes before it was published, one has a title in Bulgarian only."""
    notices = [_notice(said) for said in shown("ted", week)]
    base = {**notices[0]} if notices else {}
    if base:
        notices.append(
            {**base, "publication-number": "900001-2020", "deadline-receipt-request": ["2019-12-31T12:00:00+01:00"]}
        )
        notices.append({**base, "publication-number": "900002-2020", "notice-title": {"bul": "Предпазни маски"}})
    files = {}
    for number, page in enumerate(pages := _pages(notices, TED_PAGE), start=1):
        token = f"t{number + 1}" if number < len(pages) else None
        body = {
            "notices": page,
            "totalNoticeCount": len(notices),
            "iterationNextToken": token,
            "timedOut": False,
        }
        files[f"ted/notices-{number}.json"] = to_json(body)
    return files


def _notice(said: Statement) -> dict[str, Any]:
    code = {"de": "deu", "fr": "fra"}[said.language]
    firm = said.firm
    return {
        "publication-number": f"{100000 + said.number}-2020",
        "notice-type": "cn-standard",
        "notice-title": {code: said.title},
        "description": {code: said.text},
        "buyer-name": {code: [firm.name]},
        "buyer-street": {code: [firm.street]},
        "buyer-post-code": [firm.postal_code],
        "buyer-city": {code: [firm.city]},
        "buyer-country": [ALPHA3[firm.country]],
        "buyer-internet-address": [f"https://www.{firm.domain}"],
        "buyer-email": [f"vergabe@{firm.domain}"],
        "classification-cpv": [topics()[said.topic]["cpv"]] * 2,  # as often as there are lots
        "place-of-performance": ["FRF1" if firm.country == "FR" else "DE1"],
        "quantity": amount_words(said),
        "publication-date": f"{said.posted_on}+02:00",
        "deadline-receipt-request": [f"{said.last_week.sunday}T12:00:00+02:00"],
        "links": {
            "xml": {"MUL": f"https://ted.example/{said.number}/xml"},
            "html": {code.upper(): f"https://ted.example/{code[:2]}/{said.number}/html"},
        },
    }


def cyberlago(week: Week) -> Files:
    """Projects; in W18 the site moved and gave every project a new id."""
    projects = [
        {
            "id": f"{'hh2-' if week.number >= 18 else 'hh-'}{(said.number * 7919) % 10007 if week.number >= 18 else said.number}",
            "name": said.title,
            "pitch": said.text,
            "organisation": said.spelled,
            "city": said.firm.city,
            "looking_for": [pick(("Entwicklung", "Klinik", "Finanzierung", "Design"), said.firm.firm_id, said.topic)],
            "stage": pick(("Idee", "Prototyp", "Pilot"), said.firm.firm_id),
            "website": f"https://{said.firm.domain}",
            "created_at": f"{said.posted_on}T18:00:00+02:00",
            "updated_at": None,
            "state": "harvested" if is_closed(said, week) else "active",
            "team": ["A. Beispiel", "B. Muster"],
            "likes": said.number,
        }
        for said in shown("cyberlago", week)
    ]
    projects.append({**projects[0], "id": "hh-900", "name": "test"})
    projects.append({**projects[0], "id": "hh-901", "state": "exploded"})
    return {"cyberlago_projects.json": to_json(projects)}


def biom_covid19(week: Week) -> Files:
    """The table of entries and the call for projects."""
    loaded = [item for item in _written("biom_projects") if date.fromisoformat(item["submitted"]) <= week.sunday]
    return {
        "biom_covid19/eintraege.html": biom_entries(week),
        "biom_covid19/projekte.json": to_json({"projects": loaded}),
    }


def biosaxony(week: Week) -> Files:
    """Posts, newest first, ten a page."""
    posts = [_post(item) for item in _written("biosaxony") if date.fromisoformat(item["day"]) <= week.sunday][::-1]
    return {
        f"biosaxony/posts-{number}.json": to_json(list(page)) for number, page in enumerate(_pages(posts, 10), start=1)
    }


def _post(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": int(item["id"]),
        "date": f"{item['day']}T09:00:00",  # Berlin's, in summer
        "date_gmt": f"{item['day']}T07:00:00",
        "guid": {"rendered": f"https://biosaxony.example/?p={item['id']}"},
        "modified": f"{item['day']}T09:00:00",
        "modified_gmt": f"{item['day']}T07:00:00",
        "slug": f"beitrag-{item['id']}",
        "status": item.get("status", "publish"),
        "type": "post",
        "link": f"https://biosaxony.example/beitrag-{item['id']}/",
        "title": {"rendered": texturized(item["title"])},
        "content": {"rendered": f"\n<p>{texturized(item['text'])}</p>\n", "protected": False},
        "excerpt": {"rendered": "", "protected": False},
        "author": 2,
        "featured_media": 0,
        "comment_status": "closed",
        "ping_status": "closed",
        "sticky": False,
        "template": "",
        "format": "standard",
        "meta": {"footnotes": ""},
        "categories": [int(number) for number in item["categories"]],
        "tags": [],
        "_links": {"self": [{"href": f"https://biosaxony.example/wp-json/wp/v2/posts/{item['id']}"}]},
    }


def texturized(text: str) -> str:
    """HTML with the entities that WordPress makes of its signs (wptexturize)."""
    signs = {"–": "&#8211;", "„": "&#8222;", "“": "&#8220;", "’": "&#8217;", "…": "&#8230;"}
    whole = "".join(signs.get(sign, sign) for sign in text)
    return re.sub(r"&(?!#?\w+;)", "&#038;", whole)


def _written(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.load((TEXTS / f"{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 -- strings only, safe
    return loaded
