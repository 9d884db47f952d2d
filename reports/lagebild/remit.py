"""For whom the Lagebild is written: which cases lead it, which parts have an edition of their own, where it stands.

Data staff keep it in `lagebild.yaml`; `docs/lagebild.yaml` shows every field with its meaning.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from matching.places.geography import region_code
from matching.yaml_files import Expected, Stated, Text, known, read

FILE = "lagebild.yaml"
FACTS = ("countries", "regions", "groups")  # which cases lead; the other fields say where pages are


def _https(address: str) -> str:
    if not address.startswith("https://") or not address.endswith("/") or any(mark in address for mark in " \"'<>"):
        raise ValueError(address)
    return address


Country = Annotated[str, Field(strict=True, pattern=r"^[A-Z]{2}$"), Expected("a country such as DE")]
Region = Annotated[str, Field(strict=True, pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"), Expected("a region such as DE-BW")]
Countries = Annotated[tuple[Country, ...], Expected("a list of countries")]
Regions = Annotated[tuple[Region, ...], Expected("a list of regions")]
Groups = Annotated[tuple[Annotated[Text, known("concept")], ...], Expected("a list of product groups")]


class Remit(Stated):
    """What a task force answers for. The default is the cooperation at the Upper Rhine and its neighbours."""

    countries: Countries = ("DE", "FR", "CH", "AT", "LU", "BE")  # of whoever asks
    regions: Regions = ()  # none: everywhere in the countries
    groups: Groups = ()  # top-level groups of products; none: all
    editions: Groups = ("protective_equipment", "diagnostics", "medical_devices", "hygiene")  # a first page each
    # Where the archive stands for its readers, for links in mails and feeds; none: links are relative.
    address: (
        Annotated[str, AfterValidator(_https), Expected("an address that begins with https:// and ends with /")] | None
    ) = None

    def holds(self, country: str | None, region: str | None, group: str) -> bool:
        """Whether a need of a place and product group leads; ``group`` is that of `Labels.group`.

        A need of which nobody knows the country leads: better one too many than one that nobody sees.
        """
        is_here = country is None or country in self.countries
        if self.regions and country is not None:
            is_here = is_here and f"{country}-{region_code(country, region)}" in self.regions
        return is_here and (not self.groups or group in self.groups)

    def facts(self) -> dict[str, list[str]]:
        """What decides which cases lead, as an issue keeps it."""
        return {name: list(getattr(self, name)) for name in FACTS}


def kept(facts: Mapping[str, Sequence[str]] | None) -> Remit | None:
    """The remit that an issue kept as `Remit.facts`; None of one that kept none."""
    return Remit.model_validate({name: tuple(facts[name]) for name in FACTS}) if facts else None


DEFAULT = Remit()
_FILE = TypeAdapter(Remit)


def read_remit(path: Path, concepts: Collection[str]) -> Remit:
    """Read a file; raises FileFault for whatever is not understood, and for groups that do not exist."""
    return read(path, _FILE, concept=concepts)
