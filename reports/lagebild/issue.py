"""One issue of the Lagebild: the week's frames, and the look-ups that every part of the page shares."""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from matching.places.geography import trade_area
from matching.schema import Case, CaseEntry, Shortage, empty
from matching.taxonomy.finding import ASIDE
from reports.frames import Row, rows
from reports.lagebild.exchange import Suppliers, amounts
from reports.lagebild.grid import as_shown
from reports.lagebild.muted import Mute
from reports.lagebild.remit import DEFAULT, Remit
from reports.language import Labels
from sources.platform import Platform
from sources.week import Week

T = TypeVar("T")
NEWS = ("new", "changed", "reopened")


def new_first(found: Sequence[Row]) -> list[Row]:
    """What is new (in a first issue: everything), then the rest; each part in its order."""
    return sorted(found, key=lambda row: row["state"] not in ("new", "baseline"))


@dataclass(frozen=True)
class Correction:
    """Why there is another edition of an issue: the day of the new one, and what it says otherwise.

    ``changes`` are parts without language, see `reports.lagebild.corrections`; none: only layout or wording.
    """

    on: date
    changes: Sequence[Row]


@dataclass(frozen=True)
class AnswerLinks:
    """How a reader of an issue answers by mail.

    ``token`` signs one possible answer, of opportunity, state, reason and week of the issue.
    """

    address: str
    token: Callable[[str, str, str, Week], str]


@dataclass(frozen=True)
class Issue:
    """All that one Lagebild says, in the shapes of `sources.listing` and `matching.schema`.

    ``key_figures`` holds earlier weeks too; ``reported`` holds opportunities of earlier weeks, with a column ``week``;
    ``previous`` is the week of the issue before, None for the first one. ``corrections`` tell, oldest first, why this
    is not the first edition. ``cases`` are what came of opportunities, ``entries`` the answers and outcomes themselves;
    ``links`` are how a reader answers by mail, None where no address for answers is set. ``earlier_shortages`` are of
    earlier weeks, with a column ``week``. ``remits`` are those of earlier issues, as far as they kept them;
    ``last_calls`` numbers of the cases that the issue before called.
    """

    week: Week
    listings: pd.DataFrame
    concepts: pd.DataFrame
    members: pd.DataFrame
    organisations: pd.DataFrame
    matches: pd.DataFrame
    consortia: pd.DataFrame
    roles: pd.DataFrame
    unmet: pd.DataFrame
    shortages: pd.DataFrame
    opportunities: pd.DataFrame
    key_figures: pd.DataFrame
    source_states: pd.DataFrame
    taxonomy: Labels
    platforms: Sequence[Platform]
    is_sample: bool
    previous: Week | None
    next_issue_on: date
    repeats: pd.DataFrame
    held: pd.DataFrame
    reported: pd.DataFrame
    mutes: Sequence[Mute] = ()
    corrections: Sequence[Correction] = ()
    cases: pd.DataFrame = field(default_factory=lambda: empty(Case))
    entries: pd.DataFrame = field(default_factory=lambda: empty(CaseEntry))
    earlier_shortages: pd.DataFrame = field(default_factory=lambda: empty(Shortage).assign(week=""))
    links: AnswerLinks | None = None
    remit: Remit = DEFAULT
    remits: Mapping[Week, Remit] = field(default_factory=dict)
    last_calls: Sequence[str] = ()

    @cached_property
    def desk(self) -> "Desk":
        """The issue laid out for reading, once for all its forms and languages."""
        return Desk(self)


MOST_MATCHES = 5  # of a request and product that a file shows: all of them took 98 MB at 100,000 listings
# Parts of a desk that depend on the remit.
_OF_THE_REMIT = {"_of_groups", "leading", "beyond", "news", "unmet_needs"}


@dataclass(frozen=True, eq=False)
class Desk:
    """An issue laid out for reading: rows by their ids, numbers as shown, opportunities in the order of their rank."""

    issue: Issue

    @cached_property
    def _of_groups(self) -> dict[str, "Desk"]:
        return {}

    def of_group(self, group: str) -> "Desk":
        """The same issue laid out for whoever answers for one product group.

        All that does not depend on the remit is shared: laid out anew for each group it was two thirds of the time of
        an issue of 10,000 listings (`benchmarks/rendering.py`).
        """
        if group not in self._of_groups:
            remit = self.issue.remit.model_copy(update={"groups": (group,)})
            desk = Desk(replace(self.issue, remit=remit))
            shared = {name for name, made in vars(Desk).items() if isinstance(made, cached_property)} - _OF_THE_REMIT
            desk.__dict__.update({name: getattr(self, name) for name in sorted(shared)})
            self._of_groups[group] = desk
        return self._of_groups[group]

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for all pages, files and editions of the issue; the key names it in full.

        Pages, calendar and files tell the same of the same cases: at 10,000 listings a title was asked for eight times.
        """
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    @property
    def published_on(self) -> date:
        """The Monday after the week."""
        return self.issue.week.shifted(1).monday

    @cached_property
    def listing(self) -> dict[str, Row]:
        return {row["listing_id"]: row for row in rows(self.issue.listings)}

    @cached_property
    def current(self) -> list[Row]:
        """What the key figures count: open listings that do not repeat an earlier one."""
        repeated = set(self.issue.repeats["listing_id"])
        return [row for row in self.listing.values() if row["status"] == "open" and row["listing_id"] not in repeated]

    @cached_property
    def crossings(self) -> list[tuple[str, str]]:
        """Requests and offers of different platforms that match and repeat nothing, by id, each pair once."""
        crossing = self.matches[self.matches["is_cross_platform"]]
        for side in ("request_id", "offer_id"):
            crossing = crossing[~crossing[side].isin(self.issue.repeats["listing_id"])]
        return sorted(set(zip(crossing["request_id"].tolist(), crossing["offer_id"].tolist(), strict=True)))

    @cached_property
    def unserved(self) -> list[str]:
        """Ids of counted requests of which no product has a consortium, as `matching.news.figures` counts them."""
        without = set(self.issue.unmet["request_id"]) - set(self.issue.consortia["request_id"])
        return sorted(
            row["listing_id"] for row in self.current if row["kind"] == "request" and row["listing_id"] in without
        )

    @cached_property
    def unmet_needs(self) -> list[Row]:
        """Needs within the remit that no consortium serves: one per request and product; ideas are no needs."""
        requests = {row["listing_id"] for row in self.listing.values() if row["kind"] == "request"}
        return [
            row
            for row in rows(self.issue.unmet)
            if row["request_id"] in requests
            and self.holds(row["country"], row["region"], row["concept_id"], row["request_id"])
        ]

    @cached_property
    def organisation(self) -> dict[str, Row]:
        return {row["organisation_id"]: row for row in rows(self.issue.organisations)}

    @cached_property
    def organisation_of(self) -> dict[str, str]:
        """The organisation of each listing, by id."""
        return dict(zip(self.issue.members["record_id"], self.issue.members["organisation_id"], strict=True))

    @cached_property
    def offers(self) -> dict[str, list[Row]]:
        """Open offers that repeat nothing, by the concepts they are surely about."""
        current = {row["listing_id"]: row for row in self.current if row["kind"] == "offer"}
        sure = self.issue.concepts[self.issue.concepts["score"] > ASIDE]
        found = defaultdict(list)
        for listing_id, concept_id in zip(sure["listing_id"], sure["concept_id"], strict=True):
            if listing_id in current:
                found[concept_id].append(current[listing_id])
        return dict(found)

    @staticmethod
    def is_one_market(country: str | None, other: str | None) -> bool:
        """Whether goods move freely between two countries; yes where one is not known."""
        return country is None or other is None or trade_area(country) == trade_area(other)

    @cached_property
    def named_organisations(self) -> frozenset[str]:
        """Organisations whose name at least one of their listings states."""
        members = zip(self.issue.members["record_id"], self.issue.members["organisation_id"], strict=True)
        return frozenset(
            organisation_id
            for record_id, organisation_id in members
            if (listing := self.listing.get(record_id)) and listing["organisation_name"]
        )

    @cached_property
    def consortium(self) -> dict[str, Row]:
        return {row["consortium_id"]: row for row in rows(as_shown(self.issue.consortia))}

    @cached_property
    def roles(self) -> dict[str, list[Row]]:
        """The roles of each consortium in the order of the chain, alternates after those who fill it."""
        order = {"filled": 0, "to_clarify": 1, "missing": 1, "alternate": 2}
        grouped = defaultdict(list)
        for row in rows(as_shown(self.issue.roles)):
            grouped[row["consortium_id"]].append(row)
        for chain in grouped.values():
            chain.sort(key=lambda row: (row["position"], order[row["state"]], row["listing_id"] or ""))
        return dict(grouped)

    @cached_property
    def matches(self) -> pd.DataFrame:
        """Pairs that nothing blocks, in the columns of `Match`, by request, product and rank."""
        free = self.issue.matches[self.issue.matches["blocked_by"].isna()]
        return as_shown(free).sort_values(["request_id", "concept_id", "rank", "offer_id"])

    @cached_property
    def best_matches(self) -> list[Row]:
        """The first `MOST_MATCHES` of each request and product."""
        return rows(self.matches[self.matches["rank"] <= MOST_MATCHES])

    @cached_property
    def match(self) -> dict[tuple[str, str, str], Row]:
        """Matches and near-misses by request, offer and concept, of offers with a role in that request's consortium."""
        seats = self.issue.roles.merge(self.issue.consortia, on="consortium_id")[["request_id", "listing_id"]]
        pairs = seats.dropna().drop_duplicates().rename(columns={"listing_id": "offer_id"})
        found = rows(self.issue.matches.merge(pairs, on=["request_id", "offer_id"]))
        return {(row["request_id"], row["offer_id"], row["concept_id"]): row for row in found}

    @cached_property
    def suppliers(self) -> Suppliers:
        """What is known of those who supply, to tell whether an exchange of them is news."""
        offered = amounts(self.listing, self.issue.concepts, self.organisation_of)
        return Suppliers(self.named_organisations, self.organisation, offered)

    @cached_property
    def opportunities(self) -> list[Row]:
        """This week's opportunities by rank, each with its request, consortium, roles and change."""
        found = []
        for row in rows(self.issue.opportunities):
            consortium = self.consortium.get(row["consortium_id"])
            roles = self.roles.get(row["consortium_id"], [])
            stated = json.loads(row["content"]).get("request")
            request = consortium["request_id"] if consortium else self._still_asked(row["opportunity_id"], stated)
            unpacked = {"request": self.listing.get(request or ""), "stated_request": stated}
            changes, state = json.loads(row["change"]), row["state"]
            if state == "changed" and not self.suppliers.is_told(changes, consortium, roles):
                changes, state = [], "unchanged"
            unpacked |= {"changes": changes, "state": state}
            found.append({**row, **unpacked, "consortium": consortium, "roles": roles})
        return sorted(found, key=lambda row: (row["rank"], row["opportunity_id"]))

    def _still_asked(self, opportunity_id: str, request_id: str | None) -> str | None:
        """The request of a closed case; None if its board has given the id to a listing of another organisation."""
        case = self.case.get(opportunity_id)
        asker = case["organisation_id"] if case else None
        return request_id if asker in (None, self.organisation_of.get(request_id or "")) else None

    @cached_property
    def former(self) -> dict[str, str]:
        """Under which number a new case stood before: that of the same request and product which closed into it."""
        merged = {
            (row["stated_request"], row["title_concept_id"]): row["opportunity_id"]
            for row in self.opportunities
            if row["closing_reason"] == "merged" and row["stated_request"]
        }
        places = {
            row["opportunity_id"]: (row["stated_request"], row["title_concept_id"])
            for row in self.opportunities
            if row["state"] == "new"
        }
        return {number: merged[place] for number, place in places.items() if place in merged}

    @cached_property
    def case(self) -> dict[str, Row]:
        """What came of each opportunity so far, by number."""
        return {row["opportunity_id"]: row for row in rows(self.issue.cases)}

    def is_answered(self, row: Row) -> bool:
        """Whether somebody answered since an issue told of the opportunity."""
        case = self.case.get(row["opportunity_id"])
        return case is not None and case["state"] == "answered"

    def weeks_waiting(self, row: Row) -> int:
        """How many weeks ago an issue told of an opportunity that nobody answered since; 0 if this one does.

        Only since it lies within the remit: before, nobody was asked to call.
        """
        case = self.case.get(row["opportunity_id"])
        if case is None or case["state"] != "waiting":
            return 0
        first = Week.parse(case["waiting_since"])
        outside = [week for week in self.issue.remits if first <= week and not self.was_in_remit(row, week)]
        since = max(outside).shifted(1) if outside else first
        return int((self.issue.week.monday - since.monday).days // 7)

    @cached_property
    def muted(self) -> dict[str, Mute]:
        """Numbers of this week's opportunities that are off the lists, with the reason: the mute that lasts longest."""
        mutes = sorted(
            (mute for mute in self.issue.mutes if mute.holds_in(self.issue.week)), key=lambda mute: mute.last
        )
        return {row["opportunity_id"]: mute for mute in mutes for row in self.opportunities if mute.fits(row)}

    @cached_property
    def returned(self) -> dict[str, Mute]:
        """Numbers of opportunities that were off the lists in the previous issue and no longer are."""
        before = self.issue.previous
        ended = [mute for mute in self.issue.mutes if before and mute.holds_in(before)]
        return {row["opportunity_id"]: mute for mute in ended for row in self.shown if mute.fits(row)}

    @cached_property
    def shown(self) -> list[Row]:
        """Opportunities that are not muted."""
        return [row for row in self.opportunities if row["opportunity_id"] not in self.muted]

    @cached_property
    def running(self) -> list[Row]:
        """Opportunities that somebody can still act on and that are not muted."""
        return [row for row in self.shown if row["state"] != "closed" and row["consortium"] is not None]

    @cached_property
    def leading(self) -> list[Row]:
        """Running opportunities within the remit, by rank."""
        return [row for row in self.running if self.is_in_remit(row)]

    @cached_property
    def beyond(self) -> list[Row]:
        """Running opportunities outside the remit, by rank: they stand in the annex."""
        return [row for row in self.running if not self.is_in_remit(row)]

    def is_in_remit(self, row: Row) -> bool:
        """Whether an opportunity's need lies within the remit."""
        return self.issue.remit.holds(*self._need(row))

    def was_in_remit(self, row: Row, week: Week) -> bool:
        """Whether the need lay within the remit of an earlier issue; that of today where it kept none."""
        return self.issue.remits.get(week, self.issue.remit).holds(*self._need(row))

    def _need(self, row: Row) -> tuple[str | None, str | None, str]:
        """Country, region and product group of an opportunity's need."""
        stated = row["consortium"] or row["request"] or {"country": None, "region": None}
        country = self._country(stated["country"], row["stated_request"] or "")
        return country, stated["region"], self.issue.taxonomy.group(row["title_concept_id"])

    def holds(self, country: str | None, region: str | None, concept_id: str, request_id: str) -> bool:
        """Whether a need lies within the remit; one without a country is where most of its platform are."""
        group = self.issue.taxonomy.group(concept_id)
        return self.issue.remit.holds(self._country(country, request_id), region, group)

    def _country(self, country: str | None, request_id: str) -> str | None:
        platform = self.platform.get(request_id.partition(":")[0])
        return country or (platform.country if platform else None)

    def is_news(self, row: Row) -> bool:
        """Whether this issue tells about an opportunity or only points to an earlier issue that did."""
        return row["state"] in (*NEWS, "baseline") or row["opportunity_id"] in self.returned

    @cached_property
    def news(self) -> list[Row]:
        """Opportunities within the remit that this issue tells about, new ones first."""
        return new_first([row for row in self.leading if self.is_news(row)])

    @cached_property
    def told_in(self) -> dict[str, Week]:
        """The week whose issue last told about an opportunity of earlier weeks, by number."""
        told = [row for row in rows(self.issue.reported) if row["state"] != "unchanged"]
        return {
            row["opportunity_id"]: Week.parse(row["week"]) for row in sorted(told, key=lambda row: str(row["week"]))
        }

    @cached_property
    def platform(self) -> dict[str, Platform]:
        return {platform.name: platform for platform in self.issue.platforms}

    @cached_property
    def source_state(self) -> dict[str, Row]:
        return {row["platform"]: row for row in rows(self.issue.source_states)}

    def platform_title(self, name: str) -> str:
        """How readers know a platform."""
        return self.platform[name].title if name in self.platform else name

    def platforms_of(self, opportunity: Row) -> list[str]:
        """Names of the platforms an opportunity stands on, the request's first."""
        names = [opportunity["request"]["platform"]] if opportunity["request"] else []
        names += [role["platform"] for role in opportunity["roles"] if role["state"] == "filled" and role["platform"]]
        return list(dict.fromkeys(names))

    def stale_platforms(self) -> list[str]:
        """Names of platforms whose state of this week is not fresh."""
        return sorted(name for name, row in self.source_state.items() if row["state"] != "fresh")
