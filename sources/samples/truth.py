"""What only tests may know about the sample world: same firm, who can serve whom, which consortia are possible.

The pipeline never reads it; it is derived from the world itself, not from what the platforms make of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sources.samples.sheets import NETWORKS, SENDERS
from sources.samples.world import DIRECTORIES, Statement, draw, firms, statements

# Product -> roles of its chain, each filled by any of a few topics.
CHAINS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ffp2": {
        "filter": ("meltblown",), "outer_layer": ("spunbond",), "bands": ("elastic_band",),
        "making": ("sewing", "mask_machine"), "testing": ("mask_testing",),
    },
    "surgical_mask": {
        "filter": ("meltblown",), "bands": ("elastic_band",), "making": ("mask_machine",), "testing": ("bfe_testing",),
    },
    "gown": {
        "fabric": ("gown_fabric", "spunbond"), "cutting": ("cutting",), "sewing": ("sewing",),
        "sterilisation": ("sterilisation",), "packaging": ("packaging",),
    },
    "face_shield": {"sheet": ("plastic_sheet",), "frame": ("injection_moulding", "printing_3d"), "assembly": ("assembly",)},
    "ventilator": {
        "machining": ("machining",), "electronics": ("electronics",), "tubing": ("tubing",), "assembly": ("assembly",),
        "approval": ("regulatory",),
    },
    "hand_sanitiser": {"alcohol": ("ethanol",), "bottles": ("bottle",), "transport": ("cold_transport", "storage"), "glycerine": ("glycerine",)},
    "swab": {"moulding": ("injection_moulding", "printing_3d"), "sterilisation": ("sterilisation",), "packaging": ("packaging",)},
    "pcr_test": {"reagents": ("reagents",), "swabs": ("swab",), "transport": ("cold_transport",)},
}  # fmt: skip


def _hotline_id(said: Statement) -> str:
    is_mail = draw(said.firm.firm_id, said.topic, "channel") % 4 == 0
    return f"h{said.number}#1" if is_mail else f"H{said.number:04d}"


def _een_id(said: Statement) -> str:
    is_idea = draw(said.firm.firm_id, said.topic, "idea") % 8 == 0
    kind = ("B" if draw(said.firm.firm_id, said.topic) % 2 else "T") + ("R" if said.kind == "request" else "O")
    return f"{'RDR' if is_idea else kind}{said.firm.country}{said.posted_on:%Y%m%d}{said.number:03d}"


# Platform -> the source id that its sample gives to a statement (until it re-uses or re-keys them).
RECORD_ID: Mapping[str, Callable[[Statement], str]] = {
    "biom_covid19": lambda said: f"E{said.number}",
    "biopro_hotline": _hotline_id,
    "biovalley_france": lambda said: f"urn:biovalley:bv-{said.number}",
    "bw_aufruf": lambda said: f"{SENDERS[said.firm.zone][0]}:{said.number}",
    "cyberlago": lambda said: f"hh-{said.number}",
    "een": _een_id,
    "go_cluster": lambda said: f"GC-{said.number:04d}",
    "lifescience_nord": lambda said: f"l{said.number}",
    "logistik_mitteldeutschland": lambda said: str(said.number),
    "medicalmountains_drehscheibe": lambda said: f"e{said.number}",
    "place2tex": lambda said: f"T{said.number:03d}",
    "sammelordner": lambda said: f"{NETWORKS[said.firm.zone]}:{said.number}",
    "ted": lambda said: f"{100000 + said.number}-2020",
}


def truth() -> dict[str, Any]:
    """Firms with their listings, listings by topic and kind, and per product who could fill which role."""
    said = [(f"{p}:{record(s)}", s) for p, record in RECORD_ID.items() for s in statements(p)]
    owned: dict[str, list[str]] = {firm.firm_id: [] for firm in firms()}
    by_topic: dict[str, dict[str, list[str]]] = {}
    for listing_id, statement in said:
        owned[statement.firm.firm_id].append(listing_id)
        by_topic.setdefault(statement.topic, {"offer": [], "request": []})[statement.kind].append(listing_id)
    return {
        "firms": [
            {
                "firm_id": firm.firm_id,
                "name": firm.name,
                "city": firm.city,
                "country": firm.country,
                "listings": sorted(owned[firm.firm_id]),
                "directories": sorted(set(firm.platforms) & DIRECTORIES),
            }
            for firm in firms()
        ],
        "topics": {
            topic: {kind: sorted(ids) for kind, ids in kinds.items()} for topic, kinds in sorted(by_topic.items())
        },
        "consortia": [
            {
                "product": product,
                "demand": sorted(by_topic.get(product, {}).get("request", [])),
                "roles": {role: sorted(_offering(by_topic, topics)) for role, topics in roles.items()},
            }
            for product, roles in CHAINS.items()
        ],
    }


def _offering(by_topic: Mapping[str, Mapping[str, list[str]]], topics: tuple[str, ...]) -> list[str]:
    return [listing for topic in topics for listing in by_topic.get(topic, {}).get("offer", [])]
