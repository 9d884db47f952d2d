"""Amounts that only words state: the smallest lot that an offer sells, the pieces that a request's title begins with.

"500 masques chirurgicaux" asks for 500; "Commande minimale ferme de 100 000 pièces" sells nothing below 100,000. What
a column states is never overruled; amounts in boxes, litres or sets are left alone, because a piece is meant here.
"""

import re

import pandas as pd

_NUMBER = r"(\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+|\d+)(?![\d.,]*\d)"
# What makes a number no count of pieces, behind it.
_NO_PIECES = (
    r"(?!\s*(?:[x×%°€$]|ml\b|cl\b|l\b|lit|kg|g\b|gr\b|to\b|tonne|ton\b|m\b|m²|m2|cm|mm|euro|eur\b|box|boîte|boite|kart|carton"
    r"|paket|packung|paquet|pack|päck|paar|pair|palett|pallet|roll|roul|flasch|flacon|bottle|kanister|canister|bidon|set\b|sets\b"
    r"|stund|hour|heure|tag|day|jour|woche|week|semaine|monat|month|mois|grad|uhr|lagig|plis\b|ply\b|plätz|bett|lits?\b|bed"
    r"|mal\b|fois\b|times\b|gauge|watt|volt|liegeplätz|personen|person|people|mitarb|pfleg|tonnes|k?m?[wva]\b))"
)
_LEAST = re.compile(
    r"(?:mindest(?:bestell|abnahme)?menge|mindestabnahme|mindestbestellung|minimum (?:order|lot|quantity)"
    r"|min\. order|\bmoq\b|commande minim(?:ale|um)|quantité minim(?:ale|um)|minimum de commande)"
    rf"[^\d.;\n]{{0,24}}{_NUMBER}{_NO_PIECES}",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"^\s*{_NUMBER}\s+{_NO_PIECES}(?=[^\W\d])", re.IGNORECASE)


def with_stated_lots(listings: pd.DataFrame) -> pd.DataFrame:
    """Listings with quantity (requests) and minimum_quantity (offers) in pieces where only their words state them.

    listings: columns kind, title, text, quantity, minimum_quantity, unit; `title` and `text` may be missing.
    """
    words = listings.reindex(columns=["title", "text"]).astype("object")
    words = words.where(words.notna(), "")
    is_asking = listings["kind"].eq("request").to_numpy()
    no_unit = listings["unit"].isna().to_numpy()
    of_pieces = no_unit | listings["unit"].eq("piece").fillna(value=False).to_numpy(bool)
    asked = _numbers(_ASKED, words["title"], is_asking & no_unit & listings["quantity"].isna().to_numpy())
    both = words["title"].astype(str) + "\n" + words["text"].astype(str)
    least = _numbers(_LEAST, both, ~is_asking & of_pieces & listings["minimum_quantity"].isna().to_numpy())
    told = asked.notna() | least.notna()
    return listings.assign(
        quantity=listings["quantity"].fillna(asked),
        minimum_quantity=listings["minimum_quantity"].fillna(least),
        unit=listings["unit"].mask(told & no_unit, "piece"),
    )


def _numbers(pattern: re.Pattern[str], texts: pd.Series, wanted: object) -> pd.Series:
    found = [
        _number(match[1]) if is_wanted and (match := pattern.search(text)) else None
        for text, is_wanted in zip(texts, pd.Series(wanted), strict=True)
    ]
    return pd.Series(found, index=texts.index, dtype="float64")


def _number(written: str) -> float:
    return float(re.sub(r"\D", "", written))
