"""One mail for each problem of a run, and one when it is gone: what, where, what it does to the report, what to do.

No persons, no values of rows, no paths: a mail leaves the house. The details stand in the monitor.
"""

from typing import NamedTuple

from reports.findings import FINDINGS
from reports.language import N_, Language
from sources.week import Week


class Problem(NamedTuple):
    """Something that somebody must look at. Equal problems are one and are told once."""

    kind: str  # a key of `KINDS`
    place: str  # a week for runs and reports, the name of a platform, or nothing where there is but one


class _Words(NamedTuple):
    what: str  # %(where)s: the week or the title of the platform
    effect: str
    remedy: str


OF_PLATFORMS = ("reachable", "lapsed", "parts_in_band")  # checks of `PlatformFinding`
KINDS = {
    "run_failed": _Words(
        N_("%(where)s: Wochenlauf fehlgeschlagen"),
        N_("Der Bericht dieser Woche fehlt oder ist unvollständig. Frühere Berichte bleiben, wie sie sind."),
        N_("Im Protokoll des Laufs den ersten Fehler nachlesen, beheben und die Woche erneut laufen lassen."),
    ),
    "refresh_failed": _Words(
        N_("%(where)s: Tagesabruf fehlgeschlagen"),
        N_("Was die Quellen an diesem Tag zeigten, fehlt. Der nächste Abruf holt den dann gezeigten Stand."),
        N_("Im Protokoll des Laufs den ersten Fehler nachlesen, beheben und den Abruf erneut starten."),
    ),
    "report_missing": _Words(
        N_("%(where)s: Bericht fehlt"),
        N_("Für diese Woche gibt es keinen Bericht. Der folgende vergleicht mit der letzten vorhandenen Woche."),
        N_("Prüfen, ob der Zeitplan eingeschaltet ist und sein Dienst läuft. Dann die Woche laufen lassen."),
    ),
    "refresh_missing": _Words(
        N_("Seit %(where)s kein Abruf mehr"),
        N_("Was die Quellen seither zeigen, fehlt. Bleibt es dabei, fehlt auch der nächste Bericht."),
        N_("Prüfen, ob der Zeitplan eingeschaltet ist und sein Dienst läuft."),
    ),
    "decisions": _Words(
        N_("Fehler in einer Datei mit Entscheidungen"),
        N_("Bis er behoben ist, wird kein Bericht erstellt. Die täglichen Abrufe laufen weiter."),
        N_("Die Datei in Ordnung bringen. „verbundradar run“ nennt Datei, Zeile und Regel, bevor es beginnt."),
    ),
    "archive_failed": _Words(
        N_("Archiv nicht geschrieben"),
        N_("Der neueste Bericht liegt vor, fehlt aber im Archiv."),
        N_("Im Protokoll des Laufs den Fehler nachlesen und beheben. Am nächsten Morgen wird es wieder versucht."),
    ),
    "send_failed": _Words(
        N_("%(where)s: Bericht nicht an alle versandt"),
        N_("Wer ihn schon hat, bekommt ihn kein zweites Mal; die übrigen warten darauf."),
        N_("Im Protokoll des Laufs den Fehler nachlesen und beheben. Am nächsten Morgen wird es wieder versucht."),
    ),
    "mirror_failed": _Words(
        N_("Kopie im Objektspeicher nicht aktualisiert"),
        N_(
            "Der Bericht liegt vor. Wer Tabellen und Berichte aus dem Objektspeicher liest, sieht einen früheren Stand."
        ),
        N_("Im Protokoll des Laufs den Fehler nachlesen und beheben. Zur nächsten Stunde wird es wieder versucht."),
    ),
    "nothing_delivered": _Words(
        N_("Keine einzige Quelle hat geliefert"),
        N_("Der Bericht zeigt nur noch frühere Stände und veraltet mit jedem Tag."),
        N_("Prüfen, ob der Ordner für Lieferungen da ist und beliefert wird und ob die Netzverbindung steht."),
    ),
    **{
        kind: _Words(words.what, words.effect, words.remedy) for kind, words in FINDINGS.items() if kind in OF_PLATFORMS
    },
}


def alarm(problem: Problem, where: str, language: Language) -> tuple[str, str]:
    """Subject and text of the mail that tells of a problem; `where`: its place as readers call it."""
    words = KINDS[problem.kind]
    parts = (
        (language.gettext("Was"), language.gettext(words.what, where=where)),
        (language.gettext("Folge für den Bericht"), language.gettext(words.effect)),
        (language.gettext("Was zu tun ist"), language.gettext(words.remedy)),
        (
            language.gettext("Wie es weitergeht"),
            language.gettext("Diese Meldung kommt nur einmal. Ist das Problem behoben, folgt eine Entwarnung."),
        ),
    )
    text = "\n\n".join(language.labelled(name, said) for name, said in parts)
    return language.gettext("Verbundradar, Störung: %(what)s", what=parts[0][1]), f"{text}\n"


def recovery(problem: Problem, where: str, since: Week, language: Language) -> tuple[str, str]:
    """Subject and text of the mail that tells that a problem is gone; `since`: the week in which it was told."""
    what = language.gettext(KINDS[problem.kind].what, where=where)
    text = language.gettext(
        "Das Problem besteht nicht mehr. Gemeldet wurde es zu %(week)s. Es ist nichts zu tun.",
        week=language.week(since),
    )
    return language.gettext("Verbundradar, behoben: %(what)s", what=what), f"{text}\n"
