"""What is watched at platforms, in words: what was seen, what it does to the report, what to do.

The monitor, the warnings of a run and the mail on a problem say the same.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from reports.language import N_, Language
from reports.wording import word


class Words(NamedTuple):
    """German sentences about one check of `PlatformFinding`; ``seen`` and ``fine`` are filled with its facts."""

    what: str  # %(where)s: the title of the platform
    seen: str  # what did not pass
    fine: str  # what passed
    effect: str
    remedy: str


FINDINGS = {
    "reachable": Words(
        N_("%(where)s: keine neue Lieferung"),
        N_("Letzter guter Stand: %(age)s; %(reason)s."),
        N_("In dieser Woche gelesen."),
        N_("Der Bericht zeigt den letzten guten Stand dieser Quelle und nennt sein Alter. Gibt es keinen, fehlt sie."),
        N_("Im Monitor den Grund nachlesen. Export erneut ablegen oder den Betreiber der Quelle fragen."),
    ),
    "volume": Words(
        N_("%(where)s: ungewöhnlich viele oder wenige Zeilen"),
        N_("%(rows)s Zeilen; erwartet sind %(fewest)s bis %(most)s."),
        N_("%(rows)s Zeilen; erwartet sind %(fewest)s bis %(most)s."),
        N_("Der Bericht nutzt diese Zeilen, wie sie sind."),
        N_("Die Lieferung mit der Quelle vergleichen; hat sich ihr Umfang geändert, die erwartete Spanne anpassen."),
    ),
    "quarantine": Words(
        N_("%(where)s: viele Zeilen ausgesondert"),
        N_("%(share)s der Zeilen ausgesondert; üblich sind höchstens %(most)s."),
        N_("%(share)s der Zeilen ausgesondert; üblich sind höchstens %(most)s."),
        N_("Die ausgesonderten Zeilen fehlen im Bericht, die übrigen gelten."),
        N_("Die Gründe unter „Quarantäne“ ansehen und dem Betreiber seine Datei aus dem Ordner rejects schicken."),
    ),
    "files_taken": Words(
        N_("%(where)s: Dateien nicht oder nicht ganz übernommen"),
        N_("Nicht oder nicht ganz übernommen: %(files)s."),
        N_("Alle gelieferten Dateien ganz übernommen."),
        N_("Was davon neu ist, fehlt im Bericht; was früher darin stand, gilt weiter wie zuletzt."),
        N_("Tun, was der Grund sagt, und die Woche erneut laufen lassen."),
    ),
    "repeated": Words(
        N_("%(where)s: dieselbe Lieferung wie in der Vorwoche"),
        N_("Alle %(platforms)s Quellen lieferten Byte für Byte dasselbe wie in der Vorwoche."),
        N_("Nicht alle Quellen lieferten dasselbe wie in der Vorwoche."),
        N_("Der Bericht zeigt den Stand der Vorwoche unter neuem Datum."),
        N_("Die Dateien dieser Woche ablegen und die Woche erneut laufen lassen."),
    ),
    "reused_ids": Words(
        N_("%(where)s: Kennungen neu vergeben"),
        N_("Von %(known_before)s bekannten Kennungen stehen %(reused)s jetzt an anderen Inseraten."),
        N_("Von %(known_before)s bekannten Kennungen stehen %(reused)s jetzt an anderen Inseraten."),
        N_(
            "Verläufe und Organisationen folgen dem Inhalt. Was unter keiner Kennung mehr steht, gilt als fehlend, bis "
            "eine zweite Lieferung es bestätigt."
        ),
        N_("Den Betreiber fragen, ob er Kennungen mehrfach vergibt."),
    ),
    "rekeyed_in_bulk": Words(
        N_("%(where)s: neue Kennungen, gleicher Inhalt"),
        N_("Von %(shown)s Inseraten haben %(rekeyed)s eine neue Kennung bei gleichem Inhalt."),
        N_("Von %(shown)s Inseraten haben %(rekeyed)s eine neue Kennung bei gleichem Inhalt."),
        N_("Organisationen behalten ihre Nummern; Verläufe folgen dem Inhalt."),
        N_("Den Betreiber fragen, ob die Quelle umgezogen ist. Ist es gewollt, ist nichts zu tun."),
    ),
    "rescaled": Words(
        N_("%(where)s: alle Mengen um denselben Faktor verändert"),
        N_("Von %(known)s bekannten Mengen haben sich %(rescaled)s um denselben Faktor verändert."),
        N_("Von %(known)s bekannten Mengen haben sich %(rescaled)s um denselben Faktor verändert."),
        N_("Der Bericht nutzt die neuen Mengen, wie sie sind."),
        N_("Den Betreiber fragen, ob der Export andere Einheiten hat; bis dahin die Mengen nicht weitergeben."),
    ),
    "swapped_days": Words(
        N_("%(where)s: Tag und Monat vertauscht"),
        N_("Bei %(swapped)s von %(known)s bekannten Inseraten sind Tag und Monat der Einstellung vertauscht."),
        N_("Bei %(swapped)s von %(known)s bekannten Inseraten sind Tag und Monat der Einstellung vertauscht."),
        N_("Der Bericht nutzt die neuen Daten, wie sie sind; auch Fristen können vertauscht sein."),
        N_("Den Betreiber fragen, wie der Export Daten schreibt; bis dahin den Fristen nicht trauen."),
    ),
    "lapsed": Words(
        N_("%(where)s: seit zwei Wochen unverändert"),
        N_("Seit dem %(unchanged_since)s ist von %(listings)s Inseraten keines neu, geändert oder beendet."),
        N_("Die %(listings)s Inserate sind in Bewegung."),
        N_("Die Inserate dieser Quelle stehen weiter im Bericht, obwohl sie veraltet sein können."),
        N_("Den Betreiber fragen, ob die Quelle noch gepflegt wird oder ob immer derselbe Export ankommt."),
    ),
    "parts_in_band": Words(
        N_("%(where)s: Lieferung ungewöhnlich klein oder groß"),
        N_("Inserate jetzt und zuvor: %(parts)s."),
        N_("Jeder Teil brachte etwa so viel wie zuvor."),
        N_("Fehlende Inserate gelten erst als zurückgezogen, wenn eine zweite Lieferung sie auch nicht enthält."),
        N_("Im Monitor nachlesen, welcher Teil abweicht. Prüfen, ob die Lieferung vollständig ist."),
    ),
}
# Kinds of reasons for which a platform could not be read (`sources.platform`).
REASONS = {
    "Unreachable": N_("nicht erreichbar"),
    "NotFound": N_("unter dieser Adresse ist nichts mehr"),
    "NotDelivered": N_("nichts geliefert"),
    "OfAnotherTime": N_("die Seite zeigt eine andere Woche"),
    "BrokenStructure": N_("nicht lesbar"),
    "UnknownFormat": N_("anderes Format als vereinbart"),
    "LayoutChanged": N_("Aufbau hat sich geändert"),
    "Unexpected": N_("unerwarteter Fehler"),
    "ImplausibleVolume": N_("unglaubhafte Menge an Zeilen"),
}
MOST_FILES = 5  # named in one sentence; the quarantine lists all
_KIND = re.compile(r"(^|; )([A-Za-z]+): ")


def reason_in_words(reason: str, language: Language) -> str:
    """A reason of `SourceState`: its kind in the reader's words, what was seen as the program says it."""

    def told(found: re.Match[str]) -> str:
        before, kind = found.groups()
        return f"{before}{language.labelled(word(REASONS, kind, language), '')}" if kind in REASONS else found[0]

    return _KIND.sub(told, reason)


def seen(check: str, passed: bool, facts: Mapping[str, Any], language: Language) -> str:
    """One sentence on what was seen. facts: as in `PlatformFinding`, read from JSON."""
    words = FINDINGS[check]
    return language.gettext(words.fine if passed else words.seen, **_values(check, facts, language))


def _values(check: str, facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    if check == "reachable":
        return {
            "age": _age(facts.get("age_days"), language),
            "reason": reason_in_words(facts.get("reason", ""), language),
        }
    if check == "files_taken":
        told = [language.labelled(*file) for file in sorted(facts["files"].items())]
        left = len(told) - MOST_FILES
        more = [language.ngettext("%(count)s weitere", "%(count)s weitere", left)] if left > 0 else []
        return {"files": language.series([*told[:MOST_FILES], *more])}
    if check == "parts_in_band":
        return {
            "parts": language.series(_part(part, counts, language) for part, counts in sorted(facts["parts"].items()))
        }
    return {name: _value(value, language) for name, value in facts.items()}


def _age(days: int | None, language: Language) -> str:
    if days is None:
        return language.gettext("noch keiner")
    return language.ngettext("vor %(count)s Tag", "vor %(count)s Tagen", days)


def _part(part: str, counts: tuple[int, int], language: Language) -> str:
    now, before = map(language.number, counts)
    told = language.gettext("%(now)s statt %(before)s", now=now, before=before)
    return language.labelled(part or language.gettext("alles"), told)


def _value(value: str | float, language: Language) -> str:
    if isinstance(value, str):
        return language.day(date.fromisoformat(value)) if value else ""
    return language.percent(value) if isinstance(value, float) else language.number(value)
