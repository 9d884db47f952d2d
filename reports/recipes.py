"""The recipes as a page for readers: per product its chain of roles with amounts, lead times and norms; Markdown."""

import re
from collections.abc import Iterable, Sequence

from matching.taxonomy.recipes import Recipe, Role
from reports.language import N_, Labels, Language
from reports.wording import UNITS

_CONDITIONS = {"sterile": N_("nur für sterile Ware"), "medical": N_("nur für medizinische Zwecke")}
_LEAST_AMOUNT = 0.1  # of a unit for one product; below, it reads better the other way round: one for so many products


def recipes_page(recipes: Iterable[Recipe], labels: Labels, code: str) -> str:
    """All recipes in one of `LANGUAGES`, in alphabetical order of their products, with a table of contents."""
    language = Language(code)
    named = sorted((labels.label(recipe.concept_id, code), recipe) for recipe in recipes)
    contents = "\n".join(f"- [{name}](#{_anchor(name)})" for name, _ in named)
    intro = language.gettext(
        "%(count)s Ketten von Rollen, aus denen Konsortien zusammengestellt werden. Mengen und Zeiten sind "
        "Arbeitsannahmen üblicher Fertigung, vorsichtig gerundet.",
        count=language.number(len(named)),
    )
    heading = language.gettext("Rezepte der Konsortien")
    parts = [f"# {heading}\n\n{intro}\n\n{contents}\n"]
    parts += [_section(name, recipe, labels, language) for name, recipe in named]
    return "\n".join(parts)


def _section(name: str, recipe: Recipe, labels: Labels, language: Language) -> str:
    headings = (N_("Rolle"), N_("auch durch"), N_("Menge"), N_("Vorlauf"), N_("Normen"), N_("nötig"))
    rows = [
        [
            f"{place}. {labels.label(role.role_id, language.code)}",
            ", ".join(labels.label(other, language.code) for other in role.concepts[1:]),
            _amount(role, recipe, language),
            _days(role.lead_time_days, language),
            ", ".join(role.norms),
            _condition(role, recipe.roles, labels, language),
        ]
        for place, role in enumerate(recipe.roles, start=1)
    ]
    facts = language.gettext(
        "Mengen je %(unit)s. Vorlauf der ganzen Kette ohne bedingte Rollen: %(days)s.",
        unit=_counted(1, recipe.unit, language),
        days=_days(sum(_slots(recipe.roles)), language),
    )
    lines = [[language.gettext(text) for text in headings], ["---"] * len(headings), *rows]
    table = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
    return f"## {name}\n\n{facts}\n\n{table}\n"


def _anchor(heading: str) -> str:
    """The anchor that GitHub and the site of the documents give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _slots(roles: Sequence[Role]) -> Iterable[float]:
    """Days of each place in the chain that is always needed; of alternatives the quickest counts."""
    always = [role for role in roles if role.only_if is None]
    for group in dict.fromkeys(role.one_of or role.role_id for role in always):
        yield min(role.lead_time_days for role in always if group in (role.one_of, role.role_id))


def _amount(role: Role, recipe: Recipe, language: Language) -> str:
    if role.amount >= _LEAST_AMOUNT:
        return _counted(role.amount, role.unit, language)
    return language.gettext(
        "%(part)s für %(whole)s",
        part=_counted(1, role.unit, language),
        whole=_counted(float(f"{1 / role.amount:.2g}"), recipe.unit, language),
    )


def _counted(amount: float, unit: str, language: Language) -> str:
    singular, plural = UNITS[unit]
    return language.translations.ngettext(singular, plural, 1 if amount == 1 else 2) % {
        "count": language.number(amount, 2)
    }


def _days(days: float, language: Language) -> str:
    return language.ngettext("%(count)s Tag", "%(count)s Tage", round(days))


def _condition(role: Role, roles: Sequence[Role], labels: Labels, language: Language) -> str:
    if role.only_if in _CONDITIONS:
        return language.gettext(_CONDITIONS[role.only_if])
    if role.only_if is not None:
        return language.gettext("nur wenn %(norm)s verlangt ist", norm=role.only_if)
    if role.unless is not None:
        return language.gettext("außer wenn %(norm)s verlangt ist", norm=role.unless)
    others = [labels.label(one.role_id, language.code) for one in roles if one.one_of == role.one_of and one != role]
    if role.one_of is not None and others:
        return language.gettext("oder %(others)s", others=language.list(others))
    return language.gettext("immer")
