"""Amounts that only words state are read where no column has them, and never as boxes, litres or percent."""

import pandas as pd
import pytest

from matching.needs.lots import with_stated_lots


def told(kind: str, title: str, text: str = "", **columns: object) -> dict[str, object]:
    row = {"kind": kind, "title": title, "text": text, "quantity": None, "minimum_quantity": None, "unit": None}
    table = pd.DataFrame([row | columns]).astype({"quantity": "float64", "minimum_quantity": "float64"})
    found: dict[str, object] = (
        with_stated_lots(table).astype("object").where(lambda cells: cells.notna(), None).iloc[0].to_dict()
    )
    return found


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("500 masques chirurgicaux", 500),
        ("1.200 Schutzkittel gesucht", 1200),
        ("20\u202f000 gants", 20000),
        ("500 boxes of gloves", None),
        ("70 % Ethanol", None),
        ("3-lagige Masken", None),
        ("24 Stunden Notdienst", None),
        ("Masken für 500 Mitarbeiter", None),
    ],
)
def test_a_title_tells_how_many_pieces(title: str, pieces: int | None) -> None:
    assert told("request", title)["quantity"] == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Mindestabnahme 10.000 Stück.", 10000),
        ("Commande minimale ferme de 100 000 pièces", 100000),
        ("minimum order 5,000 units", 5000),
        ("MOQ: 3000", 3000),
        ("Mindestabnahme 20 Kartons", None),
        ("Ohne Mindestabnahme. 500 Stück", None),
    ],
)
def test_an_offer_tells_its_smallest_lot(text: str, pieces: int | None) -> None:
    assert told("offer", "FFP2", text)["minimum_quantity"] == pieces


def test_columns_are_never_overruled() -> None:
    assert told("request", "500 Masken", quantity=20.0, unit="piece")["quantity"] == 20
    assert told("offer", "Gel", "Mindestabnahme 100", unit="litre")["minimum_quantity"] is None
