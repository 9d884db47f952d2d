"""Samples of the platforms that are web pages or feeds."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from sources.samples.sheets import Files, cebr_members, participants
from sources.samples.world import Statement, amount_words, begins, draw, shown, topics
from sources.week import Week


def page(title: str, body: str) -> bytes:
    """A German web page."""
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f'<!DOCTYPE html>\n<html lang="de">\n{head}\n<body>\n{body}\n</body>\n</html>\n'.encode()


# Anchor, heading, text and items of what does not come from a firm of the world, or is odd in one way.
ODD_BLOCKS = (
    (
        "k1", "Information: Sammelbeschaffung der Europäischen Kommission",
        "Meldung von Kapazitäten über die Geschäftsstelle.",
        (("Firma", "Europäische Kommission, Büro für Beschaffung"), ("Ort", "1000 Bruxelles"), ("Stand", "24.03.2020")),
    ),
    (
        "k2", "Gesuch: Bund sucht Beatmungsgeräte", "Open-House-Verfahren.",
        (("Firma", "Beschaffungsamt Bund"), ("Menge", "10.000 Stück"), ("Stand", "25.03.2020")),
    ),
    (
        "k2", "Angebot: Anker doppelt", "Beim Kopieren vergessen.",
        (("Firma", "Feinwerk Doppelt GmbH"), ("Ort", "78532 Tuttlingen"), ("Stand", "26.03.2020")),
    ),
    ("", "Angebot: Anker vergessen", "", (("Firma", "Feinwerk Ohne GmbH"), ("Stand", "26.03.2020"))),
    (
        "k4", "Personal sofort verfügbar", "Recruiting-Angebot",
        (("Firma", "Jobvermittlung Blitz"), ("Stand", "26.03.2020")),
    ),
    (
        "k5", "Gesuch: Zange <img src=x onerror=alert(1)>", "<script>alert('x')</script>",
        (("Firma", "Dental Hostil e. K."), ("Stand", "26.03.2020")),
    ),
    (
        "k6", "Angebot: Rückwärts", "",
        (("Firma", "Kehrt Um KG"), ("Ab", "04.05.2020"), ("Bis", "20.04.2020"), ("Stand", "26.03.2020")),
    ),
    (
        "k7", "Gesuch: Verbandmull", "",
        (("Firma", "Praxis Neunkirch"), ("Rubrik", "Wunder"), ("Stand", "26.03.2020")),
    ),
)  # fmt: skip


def medicalmountains_drehscheibe(week: Week) -> Files:
    """One long page, typed by hand."""
    blocks = [
        _block(f"e{said.number}", _heading(said), said.text, _items(said))
        for said in shown("medicalmountains_drehscheibe", week)
    ]
    blocks += [_block(*odd) for odd in ODD_BLOCKS]
    body = '<h1>Corona-Drehscheibe</h1>\n<div id="drehscheibe">\n' + "\n".join(blocks) + "\n</div>"
    return {"medicalmountains_drehscheibe.html": page("Corona-Drehscheibe", body)}


def _heading(said: Statement) -> str:
    return f"{'Gesuch' if said.kind == 'request' else 'Angebot'}: {said.title}"


def _items(said: Statement) -> list[tuple[str, str]]:
    norm = topics()[said.topic]["norm"]
    items = [
        ("Firma", said.spelled), ("Ort", f"{said.firm.postal_code} {said.firm.city}"), ("Menge", amount_words(said)),
        ("Ab", begins(said)), ("Norm", norm), ("Web", f"www.{said.firm.domain}"), ("Kontakt", "über die Geschäftsstelle"),
        ("Stand", f"{said.posted_on:%d.%m.%Y}"),
    ]  # fmt: skip
    return [(label, value) for label, value in items if value]


def _block(anchor: str, heading: str, text: str, items: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f"<li>{label}: {escape(value)}</li>" for label, value in items)
    attribute = f' id="{anchor}"' if anchor else ""
    return f'<div class="eintrag"{attribute}><h4>{escape(heading)}</h4><p>{escape(text)}</p><ul>{listed}</ul></div>'


def biom_entries(week: Week) -> bytes:
    """The table of entries."""
    header = ["Nr.", "Typ", "Titel", "Beschreibung", "Unternehmen", "Ort", "Menge", "Datum"]
    rows = [
        [str(said.number), "Partnersuche" if said.kind == "request" else "Angebot", said.title, said.text, said.spelled]
        + [f"{said.firm.postal_code} {said.firm.city}", amount_words(said), f"{said.posted_on:%d.%m.%Y}"]
        for said in shown("biom_covid19", week)
    ]
    rows.append(
        [
            "901",
            "Hinweis",
            "Förderung für Wirkstoffforschung",
            "Antrag bis Ende Mai",
            "BioM",
            "82152 Planegg",
            "",
            "30.03.2020",
        ]
    )
    rows.append(
        ["902", "Angebot", "Labor frei", "", "Labor Unmöglich GmbH", "80335 München", "10 Tests pro Tag", "31.02.2020"]
    )
    cells = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{name}</th>" for name in header)
    return page("COVID-19", f'<table class="covid19"><thead><tr>{head}</tr></thead><tbody>\n{cells}\n</tbody></table>')


def biovalley_france(week: Week) -> Files:
    """The feed and the participants."""
    entries = [
        (f"bv-{said.number}", _french_title(said), _french_text(said), topics()[said.topic]["group"], said.posted_on)
        for said in shown("biovalley_france", week)
    ]
    extra = "<p>Fabrication alsacienne.</p><p>Organisme : Société Bic Demo</p><p>Lieu : F-67000 Strasbourg</p><p>Quantité : 5 000 pièces</p>"
    entries.append(
        ("bv-900", "[Offre] Visières &amp; écrans".replace("&amp;", "&"), extra, "Protection", date(2020, 4, 1))
    )
    entries.append(
        (
            "bv-901",
            "[Vente] Masques à prix cassé",
            "<p>Vite !</p><p>Organisme : Import Express</p>",
            "",
            date(2020, 4, 1),
        )
    )
    entries.append(
        (
            "bv-902",
            "[Info] Webinaire sur les essais de masques",
            "<p>Jeudi à 10 h.</p><p>Organisme : BioValley France</p>",
            "",
            date(2020, 4, 2),
        )
    )
    return {"biovalley_france/annonces.xml": atom(entries), "biovalley_france/participants.csv": participants()}


def _french_title(said: Statement) -> str:
    return f"[{'Recherche' if said.kind == 'request' else 'Offre'}] {said.title}"


def _french_text(said: Statement) -> str:
    lines = [said.text, f"Organisme : {said.spelled}", f"Lieu : {said.firm.postal_code} {said.firm.city}"]
    lines += [f"Quantité : {amount_words(said)}", f"À partir du : {begins(said)}"]
    return "".join(f"<p>{escape(line)}</p>" for line in lines if not line.endswith(": "))


def atom(entries: Iterable[tuple[str, str, str, str, date]]) -> bytes:
    """An Atom feed of (id, title, HTML, category, day)."""
    items = "\n".join(
        f'<entry><id>urn:biovalley:{number}</id><title>{escape(title)}</title><link href="https://biovalley-france.example/annonces/{number}"/>'
        f"<published>{day}T08:00:00Z</published><updated>{day}T08:00:00Z</updated>"
        + (f'<category term="{escape(category)}"/>' if category else "")
        + f'<content type="html">{escape(markup)}</content></entry>'
        for number, title, markup, category, day in entries
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><id>urn:biovalley</id><title>Annonces</title>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}<updated>2020-04-01T00:00:00Z</updated>\n{items}\n</feed>\n'.encode()


def rss(host: str, items: Sequence[tuple[str, str, str, str, date]]) -> bytes:
    """An RSS 2.0 feed of (id, title, text, category, day)."""
    entries = "\n".join(
        f'<item><guid isPermaLink="false">{number}</guid><title>{escape(title)}</title><link>https://{host}/{number}</link>'
        f"<description>{escape(text)}</description><pubDate>{day:%a, %d %b %Y} 09:00:00 +0200</pubDate></item>"
        for number, title, text, _, day in items
    )
    head = f'<rss version="2.0"><channel><title>Nachrichten</title><link>https://{host}/</link><description>Neues</description>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{entries}\n</channel></rss>\n'.encode()


EVENTS = (
    (
        "ev1",
        "Partnering day: diagnostics",
        "Bilateral meetings, online.",
        "Online",
        "20200423T080000Z",
        "20200423T150000Z",
        "CONFIRMED",
    ),
    (
        "ev2",
        "Working group: cross-border supply of protective equipment",
        "Clusters share needs and capacities.",
        "Strasbourg",
        "20200507T120000Z",
        "20200507T140000Z",
        "CONFIRMED",
    ),
    (
        "ev3",
        "Biotech week kick-off",
        "Postponed until autumn.",
        "Bruxelles",
        "20200512T080000Z",
        "20200514T160000Z",
        "CANCELLED",
    ),
    (
        "ev4",
        "Brokerage event health technologies",
        "Book meetings until 1 June.",
        "Leiden",
        "20200609T080000Z",
        "20200610T160000Z",
        "TENTATIVE",
    ),
    ("ev5", "Backwards event", "Typed by hand.", "Wien", "20200520T160000Z", "20200520T080000Z", "CONFIRMED"),
)


def cebr(week: Week) -> Files:
    """The calendar and the directory."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}@cebr.example\r\nDTSTAMP:20200325T080000Z\r\nCREATED:20200325T080000Z\r\nDTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:{summary}\r\n"
        f"DESCRIPTION:{text.replace(',', chr(92) + ',')}\r\nLOCATION:{location}\r\nSTATUS:{status}\r\nCATEGORIES:Partnering\r\nEND:VEVENT\r\n"
        for uid, summary, text, location, start, end, status in EVENTS
    )
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//CEBR//events//EN\r\n{events}END:VCALENDAR\r\n"
    return {"cebr/events.ics": calendar.encode(), "cebr/members.csv": cebr_members()}


def is_closed(said: Statement, week: Week) -> bool:
    """Whether an author has marked a statement as done; about one in ten, from its second week on."""
    return draw(said.platform, said.firm.firm_id, said.topic, "closed") % 10 == 0 and week > Week.of(said.posted_on)
