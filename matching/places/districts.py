"""Which part of Baden-Württemberg or Grand Est a town lies in, for whoever counts by region.

NUTS 2024: Regierungsbezirke are level 2 ("DE11" Stuttgart), départements level 3 ("FRF11" Bas-Rhin).
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from matching.words import fold

_DEPARTEMENTS = {
    "67": "FRF11", "68": "FRF12", "08": "FRF21", "10": "FRF22", "51": "FRF23", "52": "FRF24", "54": "FRF31",
    "55": "FRF32", "57": "FRF33", "88": "FRF34",
}  # fmt: skip


@lru_cache(maxsize=1)
def _towns() -> Mapping[str, Mapping[str, str]]:
    listed: dict[str, dict[str, list[str]]] = yaml.load(
        Path(__file__).with_name("districts.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return {
        country: {fold(town): code for code, towns in districts.items() for town in towns}
        for country, districts in listed.items()
    }


def district_of(country: str, city: str | None, postal_code: str | None) -> str | None:
    """The NUTS code, None where we cannot tell. The caller knows that the place lies in one of the two regions.

    A French postcode begins with the département; a German one tells no Regierungsbezirk on a border, so the town must.
    """
    if country == "FR" and postal_code and (code := _DEPARTEMENTS.get(postal_code[:2])):
        return code
    words = fold(city or "").split()
    towns = _towns().get(country, {})
    return next((towns[name] for end in range(len(words), 0, -1) if (name := " ".join(words[:end])) in towns), None)
