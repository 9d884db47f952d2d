"""No document is kept that seems to hold contact data: the scan of `reports.privacy` stands before every store."""

from collections.abc import Collection, Mapping

from pipelines.resources import AnswerAccess, statistics_office
from reports.privacy import contacts_in
from sources.platforms import PLATFORMS


class HoldsContacts(Exception):
    """Documents that must not be kept; the message names file, kind and first signs, and what to do."""


def public_contacts() -> tuple[str, ...]:
    """What may stand in documents: the platforms' offices, and ours as the settings name them."""
    ours = (AnswerAccess.from_environment().address, statistics_office().contact)
    return (*(platform.contact_route for platform in PLATFORMS), *filter(None, ours))


def hold_clean(place: str, files: Mapping[str, bytes], allowed: Collection[str]) -> None:
    """Raise HoldsContacts unless every file is free of contact data. place: what the files are, "lagebild 2020-W16"."""
    found = {name: contacts_in(name, content, allowed) for name, content in files.items()}
    told = [
        f"{name} ({', '.join(sorted({f'{one.kind} {one.excerpt}' for one in findings})[:3])})"
        for name, findings in found.items()
        if findings
    ]
    if told:
        more = f" and {len(told) - 3} more" if len(told) > 3 else ""
        raise HoldsContacts(
            f"{place} is not kept, what was there stays: it seems to hold contact data in {', '.join(told[:3])}{more};"
            " take the listing off the lists in muted.csv, or the words out with verbundradar erase, and run it again"
        )
