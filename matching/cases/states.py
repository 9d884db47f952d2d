"""The words of a case's history: what can be answered, what can come of it, and when a closed case opens again.

A case is an opportunity with its number. Decisions are what leads answer to an issue; outcomes are what came of it.
The reasons are those that were seen in 2020 (`benchmarks/outcomes.py` counts them).
"""

from collections.abc import Mapping

DECISIONS = ("taken_over", "query", "declined", "done")
OUTCOMES = ("reached", "in_talks", "agreed", "delivered", "closed")
STATES = (*DECISIONS, *OUTCOMES, "reopened")  # reopened: data staff take a closing back
REASONS = ("no_supply", "no_contact_provider", "no_contact_seeker", "no_need", "prefers_other", "test")
ROLES = ("lead", "data_staff")  # who said it: a role, never a person
WAYS = ("mail", "workbook", "command")
NEEDS_REASON = frozenset({"declined", "closed"})
# What closes a case -> what may still be said of it after an issue told that it is closed.
AFTER_CLOSING: Mapping[str, tuple[str, ...]] = {
    "declined": ("reopened",),
    "closed": ("reopened",),
    "delivered": ("reopened",),
    "done": ("delivered", "closed", "reopened"),  # what came of it is often learnt later
}
# Of a case that was closed because nobody asks any more, other partners change nothing; the request itself does.
OF_THE_REQUEST = frozenset({"request", "deadline"})
_ANYTHING = frozenset({"request", "deadline", "partners", "missing", "covered"})
REOPENED_BY: Mapping[str, frozenset[str]] = {
    "no_supply": _ANYTHING,
    "no_contact_provider": _ANYTHING,
    "no_contact_seeker": OF_THE_REQUEST,
    "no_need": OF_THE_REQUEST,
    "prefers_other": OF_THE_REQUEST,
    "test": OF_THE_REQUEST,
    "done": OF_THE_REQUEST,
    "delivered": OF_THE_REQUEST,
}


def cause(state: str, reason: str) -> str | None:
    """Why an entry closes its case; None if it does not."""
    return None if state not in AFTER_CLOSING else reason or state
