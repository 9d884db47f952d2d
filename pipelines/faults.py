"""What keeps a store from being written, in one line for whoever runs it: what, where, what it does, what to do."""

import errno
import os
from collections.abc import Iterator

_NOTHING_MADE = "this week's report was not made, earlier ones stay as they are"
_FAULTS = {
    errno.ENOSPC: "the disk of the store is full: {effect}; make room and run the week again",
    errno.EDQUOT: "the store has reached its quota: {effect}; make room and run the week again",
    errno.EROFS: "the store is read-only: {effect}; mount it writable or name another one with --store",
    errno.EACCES: "the store may not be written by this user: {effect}; give it the right or name another --store",
    errno.EPERM: "the store may not be written by this user: {effect}; give it the right or name another --store",
    errno.ENOTDIR: "the store is a file, not a folder: {effect}; name a folder with --store",
    errno.EEXIST: "the store is a file, not a folder: {effect}; name a folder with --store",
    errno.EIO: "the disk of the store fails: {effect}; have it looked at and run the week again",
}
# SQLite, in which Dagster keeps its records, has no numbers of the operating system.
_SQLITE = {
    "disk is full": errno.ENOSPC,
    "readonly database": errno.EROFS,
    "unable to open database": errno.EACCES,
    "disk i/o error": errno.ENOSPC,  # what a full disk is to it in the middle of a write
}
# What PostgreSQL and Dagster's retries say, in lower case; "connection refused" alone could be a platform's.
_RECORDS = ("too many retries for db connection", "server closed the connection", "the database system is")
_NO_RECORDS = "the PostgreSQL of Dagster's records does not answer: {effect}; see that it runs and run the week again"


class WeekFailed(Exception):
    """No Lagebild could be made; the message says which week and why."""


def store_fault(error: BaseException) -> str | None:
    """The line for an error that the disk caused, however deep; None for any other."""
    found = (told for one in _causes(error) if (told := fault_in(str(one))))
    return next(found, None)


def fault_in(message: str) -> str | None:
    """The line for the message of such an error, which is all that is left of one that a step raised."""
    if any(words in message.lower() for words in _RECORDS):
        return _NO_RECORDS.format(effect=_NOTHING_MADE)
    words = {**{os.strerror(number).lower(): number for number in _FAULTS}, **_SQLITE}
    numbers = (number for text, number in words.items() if text in message.lower())
    number = next(numbers, None)
    return None if number is None else _FAULTS[number].format(effect=_NOTHING_MADE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
