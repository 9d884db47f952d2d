"""The taxonomy as a page for readers: one table per product group, its names in each language, Markdown."""

from matching.taxonomy.concepts import LANGUAGES, Concept, Taxonomy
from reports.language import Language, capitalised

_NAMES = [capitalised(Language(code).own_name(code)) for code in LANGUAGES]
_HEADINGS = ["Konzept", "Rolle", *_NAMES, "CPV", "Normen", "Einheit", "nicht verwechseln mit", "Ersatz"]
_HEAD = f"| {' | '.join(_HEADINGS)} |\n| {' | '.join(['---'] * len(_HEADINGS))} |\n"


def taxonomy_page(taxonomy: Taxonomy) -> str:
    """All concepts by group, children below their parents, in the order of the files."""
    parts = [
        "# Taxonomie der Gesundheitsindustrie\n\n"
        f"{len(taxonomy.concepts)} Konzepte in {len(taxonomy.groups)} Produktgruppen. Der erste Name ist die "
        "Bezeichnung in den Berichten, die weiteren werden erkannt; Beugung und Zusammensetzung müssen nicht "
        "aufgeführt werden.\n"
    ]
    for group in taxonomy.groups:
        members = [concept for concept in taxonomy.concepts.values() if taxonomy.group(concept.id) == group]
        rows = "\n".join(_row(concept, taxonomy) for concept in members)
        parts.append(f"\n## {taxonomy.label(group, 'de')}\n\n{_HEAD}{rows}\n")
    return "".join(parts)


def _row(concept: Concept, taxonomy: Taxonomy) -> str:
    indent = "· " * len(taxonomy.ancestors(concept.id))
    names = ["; ".join(concept.names[language]) for language in LANGUAGES]
    others = [
        ", ".join(taxonomy.label(other, "de") for other in sorted(ids))
        for ids in (concept.look_alikes, concept.accepts)
    ]
    norms, role = ", ".join(concept.norms), taxonomy.role_label(concept.role, "de")
    cells = [f"{indent}`{concept.id}`", role, *names, concept.cpv or "", norms, concept.unit or "", *others]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
