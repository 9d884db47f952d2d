"""What readers call the codes of `sources.listing` and `matching.schema`: one table a column.

Codes that need facts to be worded are evidence and belong to `reports.sentences`.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from matching.places.geography import region_label
from reports.language import LANGUAGES, N_, NN_, NO_BREAK_SPACE, Language

KINDS = {
    "offer": N_("Angebot"),
    "request": N_("Gesuch"),
    "idea": N_("Idee"),
    "information": N_("Information"),
}
CERTIFICATES = {
    "none": N_("kein Nachweis genannt"),
    "claimed": N_("nur behauptet, nicht belegt"),
    "shown": N_("Nachweis vorgelegt, nicht geprüft"),
    "checked": N_("Nachweis geprüft"),
}
URGENCIES = {
    "low": N_("nicht dringend"),
    "normal": N_("normal"),
    "high": N_("dringend"),
    "critical": N_("sehr dringend"),
}
OPPORTUNITY_STATES = {
    "baseline": N_("Bestand"),
    "new": N_("neu"),
    "changed": N_("geändert"),
    "unchanged": N_("unverändert"),
    "closed": N_("geschlossen"),
    "reopened": N_("wieder offen"),
}
COMPOSITION_METHODS = {
    "optimal": N_("bestmöglich"),
    "rounded": N_("nahezu bestmöglich"),
    "greedy": N_("der Reihe nach, ohne Optimierung"),
    "kept": N_("aus der Vorwoche behalten"),
}
CLOSING_REASONS = {
    "fulfilled": N_("Gesuch erfüllt"),
    "withdrawn": N_("Gesuch zurückgezogen"),
    "expired": N_("Frist abgelaufen"),
    "no_supply": N_("kein freies Angebot mehr"),
    "held_back": N_("Gesuch zurückgehalten"),
    "merged": N_("in einem anderen Vorgang enthalten"),
    "no_contact_provider": N_("Anbieter nicht erreicht"),
    "no_contact_seeker": N_("suchende Stelle nicht erreicht"),
    "no_need": N_("kein Bedarf mehr"),
    "prefers_other": N_("anderer Anbieter gewählt"),
    "test": N_("Testeintrag"),
    "done": N_("erledigt"),
    "delivered": N_("geliefert"),
}
ANSWERS = {
    "taken_over": N_("übernommen"),
    "query": N_("Rückfrage läuft"),
    "declined": N_("abgelehnt"),
    "done": N_("erledigt"),
    "reached": N_("erreicht"),
    "in_talks": N_("im Gespräch"),
    "agreed": N_("vereinbart"),
    "delivered": N_("geliefert"),
    "closed": N_("geschlossen"),
    "reopened": N_("wieder geöffnet"),
}
ANSWER_ROLES = {"lead": N_("Taskforce-Leitung"), "data_staff": N_("Datenbetreuung")}
ANSWER_WAYS = {
    "mail": N_("per Mail"),
    "workbook": N_("in der Arbeitsmappe"),
    "command": N_("per Befehl"),
}
REFUSALS = {
    "no_code": N_("keine Zeile mit Vorgang und Schlüssel"),
    "several_codes": N_("mehrere Antworten in einer Mail"),
    "words": N_("Antwort oder Grund steht auf keiner Liste"),
    "forged": N_("Schlüssel passt nicht zu Vorgang, Antwort und Ausgabe"),
    "message_again": N_("dieselbe Mail mit anderem Inhalt"),
    "token_again": N_("Schlüssel wurde schon benutzt"),
    "unknown": N_("Vorgang ist nicht bekannt"),
    "closed": N_("Vorgang ist schon geschlossen"),
    "unreadable": N_("nicht lesbar"),
}
VERDICTS = {"fits": N_("passt"), "does_not_fit": N_("passt nicht"), "unsure": N_("nicht zu beurteilen")}
BLOCKED_BY = {
    "kind": N_("anderes Anliegen"),
    "concept": N_("anderes Produkt"),
    "norm": N_("verlangte Norm nicht erfüllt"),
    "medical": N_("nicht für medizinische Zwecke"),
    "sterile": N_("nicht steril"),
    "attribute": N_("verlangte Eigenschaft fehlt"),
    "minimum_quantity": N_("Mindestmenge des Anbieters zu groß"),
    "time_window": N_("zeitlich nicht vereinbar"),
    "country": N_("anderer Wirtschaftsraum"),
    "open_for_interest": N_("Angebot nicht mehr offen"),
    "vetting": N_("von der Plattform abgelehnt"),
    "capacity": N_("Menge rechnerisch schon anderweitig verplant"),
    "begins_late": N_("Angebot beginnt erst später"),
    "to_clarify": N_("zu klären: das Inserat sagt nicht, ob es passt"),
    "missing_role": N_("eine Rolle der Kette fehlt"),
}
# Why a listing is held back; what the case at hand is stands in `reports.sentences`.
HOLD_REASONS = {
    "quantity_outlier": N_("Menge weit über dem Üblichen"),
    "huge_in_everything": N_("riesige Mengen von vielem aus einer Hand"),
    "filler_number": N_("Füllzahl statt Menge"),
    "place_contradiction": N_("Ort widerspricht der Region"),
    "no_sign_of_life": N_("lange ohne Meldung"),
    "too_few": N_("zu wenig für einen Anruf"),
    "by_hand": N_("von Hand zurückgehalten"),
}
SOURCE_STATES = {
    "fresh": N_("aktuell"),
    "stale": N_("veraltet"),
    "missing": N_("noch nie gelesen"),
}
# Why a platform's row was refused; codes of the readers and of the checks of `ParsedListing`.
RULES = {
    "required": N_("Pflichtangabe fehlt"),
    "known_value": N_("kein bekannter Wert"),
    "known_label": N_("unbekannte oder fehlende Bezeichnung"),
    "format": N_("nicht in der vereinbarten Form"),
    "consistent": N_("widerspricht einer anderen Angabe"),
    "date": N_("kein lesbares Datum"),
    "order": N_("Ende vor Beginn"),
    "amount": N_("Menge nicht zählbar"),
    "number": N_("keine Zahl"),
    "positive": N_("nicht größer als null"),
    "plausible": N_("Wert nicht glaubhaft"),
    "not_a_test": N_("Testeintrag"),
    "duplicate": N_("doppelte Zeile"),
    "erased": N_("auf Verlangen gelöscht"),
    "superseded": N_("andere Zeile mit derselben Kennung gilt"),
    "cells": N_("zu viele Zellen"),
    "detail_page": N_("Einzelseite fehlt"),
    "known_column": N_("neue Spalte"),
    "listed": N_("steht nicht in der Liste"),
    "readable": N_("nicht lesbar"),
    "encoding": N_("Zeichen nicht entzifferbar"),
    "headers": N_("Kopf der Mail unvollständig"),
    "object": N_("kein Eintrag, sondern ein einzelner Wert"),
    "size": N_("umfangreicher, als gelesen wird"),
    "struck_out": N_("durchgestrichen"),
    "taken": N_("Datei nicht übernommen"),
    "whole": N_("unvollständig"),
}
# The most telling first.
CHANGES = {
    "request": N_("anderes Gesuch"),
    "deadline": N_("Frist"),
    "missing": N_("fehlende Rollen"),
    "covered": N_("gedeckte Menge"),
    "partners": N_("Partner für %(role)s"),
}
# Singular and plural; the count is written as readers write it.
UNITS = {
    "piece": NN_("%(count)s Stück", "%(count)s Stück"),
    "pair": NN_("%(count)s Paar", "%(count)s Paar"),
    "litre": NN_("%(count)s Liter", "%(count)s Liter"),
    "kilogram": NN_("%(count)s kg", "%(count)s kg"),
    "gram": NN_("%(count)s g", "%(count)s g"),
    "metre": NN_("%(count)s m", "%(count)s m"),
    "square_metre": NN_("%(count)s m²", "%(count)s m²"),
    "cubic_metre": NN_("%(count)s m³", "%(count)s m³"),
    "test": NN_("%(count)s Test", "%(count)s Tests"),
    "hour": NN_("%(count)s Stunde", "%(count)s Stunden"),
    "person_day": NN_("%(count)s Personentag", "%(count)s Personentage"),
    "pallet": NN_("%(count)s Palette", "%(count)s Paletten"),
    "bed": NN_("%(count)s Bett", "%(count)s Betten"),
}
PERIODS = {
    "day": N_("%(quantity)s je Tag"),
    "week": N_("%(quantity)s je Woche"),
    "month": N_("%(quantity)s je Monat"),
    "year": N_("%(quantity)s je Jahr"),
}


def word(table: dict[str, str], code: str, language: Language, **values: object) -> str:
    """The word for a code, with its facts filled in; a code that nobody worded stays visible as it is."""
    return language.gettext(table[code], **values) if code in table else code


def shown_amount(amount: float) -> float:
    """A quantity as `quantity` shows it: whole from ten on, below with one decimal."""
    return round(amount, 0 if amount >= 10 else 1)


def quantity(amount: float, unit: str | None, period: str | None, language: Language) -> str:
    """A quantity with unit and period, e.g. ``5.000 Stück je Woche``; a number without unit says so.

    Number and unit stay on one line.
    """
    shown = shown_amount(amount)
    if unit in UNITS:
        singular, plural = UNITS[unit]
        # Rounding decides the form: 1.04 pallets read as one.
        text = language.translations.ngettext(singular, plural, 1 if shown == 1 else 2)
        text = text.replace(" ", NO_BREAK_SPACE) % {"count": language.number(shown, 1)}
    else:
        text = language.gettext("%(count)s (ohne Einheit)", count=language.number(shown, 1))
    return language.gettext(PERIODS[period], quantity=text) if period in PERIODS else text


def unit_name(unit: str | None, period: str | None, language: Language) -> str:
    """A unit beside a column of numbers, with its period: ``Stück je Woche``; empty where none is stated."""
    name = quantity(2, unit, period, language) if unit in UNITS else ""
    return name.replace(language.number(2), "", 1).strip(" \u00a0\u202f")


def region(country: str | None, code: str | None, language: Language) -> str:
    """A region and its country, e.g. ``Bayern, Deutschland``; empty if neither is known."""
    named = (region_label(country, code), language.country(country) if country else None)
    return ", ".join(part for part in named if part)


@cache
def _plurals() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = yaml.load(
        files("reports").joinpath("plurals.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return found


def plural(concept_id: str, language: Language) -> str | None:
    """What readers call several of a product; None if it is nothing that one counts."""
    names = _plurals().get(concept_id)
    return names[LANGUAGES.index(language.code)] if names and LANGUAGES.index(language.code) < len(names) else None
