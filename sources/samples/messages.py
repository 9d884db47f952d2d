"""Samples of the platforms that live on mail: the hotline's mailbox, a contact form, capacity reports."""

from collections.abc import Sequence
from datetime import date
from email import policy
from email.message import EmailMessage

from sources.readers.mailbox import to_mbox
from sources.samples.pages import rss
from sources.samples.sheets import Files, call_log, clusters
from sources.samples.world import Statement, amount_words, begins, draw, pick, shown
from sources.week import Week

GREETINGS = ("Sehr geehrte Damen und Herren,", "Guten Tag,", "Liebes Team,", "Hallo zusammen,")


def mail(number: str, domain: str, subject: str, text: str, sent_on: date, style: int = 0) -> bytes:
    """A message; `style` chooses among the ways in which mail programs write one."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Jemand <post@{domain}>"
    message["To"] = "postfach@platform.example"
    message["Subject"] = subject
    message["Date"] = f"{sent_on:%a, %d %b %Y} 08:30:00 +0200"
    message["Message-ID"] = f"<{number}@{domain}>"
    signature = "\n-- \nMax Mustermann\nTel. 0711 555 01 23, max@mustermann.example\n"
    match style % 4:
        case 0:
            message.set_content(text + signature, cte="8bit")
        case 1:
            message.set_content(text + signature, charset="windows-1252", cte="quoted-printable")
        case 2:
            lines = "".join(f"<p>{line}</p>" for line in text.split("\n"))
            message.set_content(f"<html><body>{lines}</body></html>", subtype="html", cte="base64")
        case _:
            message.set_content(
                text + "\nAm 30.03.2020 um 10:12 schrieb Hotline:\n> Wie können wir helfen?\n", cte="8bit"
            )
            message.add_attachment(
                b"%PDF-1.4 Datenblatt", maintype="application", subtype="pdf", filename="Datenblatt.pdf"
            )
            message.set_boundary(f"=-{number}")
    return message.as_bytes()


def biopro_hotline(week: Week) -> Files:
    """The call log and the mailbox."""
    mails = []
    for said in shown("biopro_hotline", week):
        if draw(said.firm.firm_id, said.topic, "channel") % 4 == 0:
            kind = "Gesuch" if said.kind == "request" else "Angebot"
            text = (
                f"{pick(GREETINGS, said.firm.firm_id)}\n{said.text}\n\nFirma: {said.firm.name}\n"
                f"Ort: {said.firm.postal_code} {said.firm.city}\nMenge: {amount_words(said)}\n"
            )
            mails.append(
                mail(f"h{said.number}", said.firm.domain, f"{kind}: {said.title}", text, said.posted_on, said.number)
            )
    several = (
        "Guten Tag,\n1. 200 Schutzbrillen\nfür die Abstrichstelle\n2. 50 Kanister Handdesinfektion\nSelbstabholung\n\n"
        "Firma: Praxisverbund Kochertal\nOrt: 74653 Künzelsau\n"
    )
    mails.append(mail("h-mehrere", "praxis-kochertal.example", "WG: Gesuch: mehrere Dinge", several, date(2020, 3, 27)))
    mails.append(mail("h-frage", "frage.example", "Frage zu Kurzarbeit", "Wer hilft?", date(2020, 3, 27)))
    return {"biopro_hotline/anrufe.xlsx": call_log(week), "biopro_hotline/mails.mbox": to_mbox(mails)}


def lifescience_nord(week: Week) -> Files:
    """Mails of the contact form, and one that is none."""
    mails = [_form(said) for said in shown("lifescience_nord", week)]
    mails.append(
        mail("spam-1", "personal.example", "Top-Personal für Sie", "Wir vermitteln Fachkräfte!", date(2020, 3, 28))
    )
    odd = "Wir sind: Händler\nUnternehmen: Import Nord\nThema: Masken\nMenge: 2 Mio. Stück\nNachricht: nur Vorkasse\n"
    mails.append(mail("odd-1", "import.example", "Kontaktformular", odd, date(2020, 3, 29)))
    return {"lifescience_nord.mbox": to_mbox(mails)}


def _form(said: Statement) -> bytes:
    side = "Hersteller mit Bedarf" if said.kind == "request" else "Anbieter"
    text = (
        f"Wir sind: {side}\nUnternehmen: {said.spelled}\nPLZ Ort: {said.firm.postal_code} {said.firm.city}\n"
        f"Name: Erika Mustermann\nTelefon: 040 555 01 77\nThema: {said.title}\nMenge: {amount_words(said)}\n"
        f"Verfügbar ab: {begins(said)}\nNachricht: {said.text}\n"
    )
    return mail(
        f"l{said.number}",
        said.firm.domain,
        "Kontaktformular Facing the Challenge",
        text,
        said.posted_on,
        said.number % 2,
    )


def go_cluster(week: Week) -> Files:
    """One report a day with the blocks of all who reported that day, the news feed and the directory."""
    days: dict[date, list[Statement]] = {}
    for said in shown("go_cluster", week):
        days.setdefault(said.posted_on, []).append(said)
    mails = [_report(day, listed) for day, listed in sorted(days.items())]
    news = [
        (
            "n1",
            "Förderaufruf: Anwendungsorientierte Forschung gegen COVID-19",
            "Skizzen bis 11. Mai 2020, Verbünde mit KMU bevorzugt.",
            "",
            date(2020, 4, 3),
        ),
        (
            "n2",
            "Leitfaden zur Umstellung der Produktion auf Schutzausrüstung",
            "Checkliste für Betriebe anderer Branchen.",
            "",
            date(2020, 4, 8),
        ),
        ("n3", "Webkonferenz Lieferketten am 24.04.2020", "Cluster berichten über Engpässe.", "", date(2020, 4, 15)),
    ]
    known = [item for item in news if item[4] <= week.sunday]
    return {
        "go_cluster/berichte.mbox": to_mbox(mails),
        "go_cluster/news.xml": rss("clusterplattform.example", known or news[:1]),
        "go_cluster/verzeichnis.csv": clusters(),
    }


def _report(day: date, listed: Sequence[Statement]) -> bytes:
    blocks = [
        f"Meldung: GC-{said.number:04d}\nOrganisation: {said.spelled}\nPLZ Ort: {said.firm.postal_code} {said.firm.city}\n"
        f"Art: {'Bedarf' if said.kind == 'request' else 'Angebot'}\nGegenstand: {said.title}\nKapazität: {amount_words(said)}\n"
        f"Erläuterung: {said.text}\n"
        for said in listed
    ]
    text = "Liebe Kolleginnen und Kollegen, die Meldungen von heute:\n=====\n" + "=====\n".join(blocks)
    return mail(f"bericht-{day}", "clusterbuero.example", f"Kapazitätsbericht {day:%d.%m.%Y}", text, day)
