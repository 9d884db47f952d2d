"""lifescience_nord: "Facing the Challenge" of Life Science Nord, Hamburg and Schleswig-Holstein.

Known: telephone, e-mail and a contact form; makers at their limit meet firms of other branches with free capacity.
Assumed: the form sends mails with labelled lines to one mailbox. A mail that is no form (no label at all) is refused,
as is one without a known kind.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sources.platform import Parsed, Platform, RawDocument, RowError, documents_at
from sources.readers.mailbox import Message, distinct, labelled_lines, mails, read_messages, refused_files
from sources.rows.dates import local_midnight
from sources.rows.fields import identified_by, kind_of, no_test, place, posted_day, quantity, required, window
from sources.rows.read import Row, read_rows, strange_label
from sources.rows.text import described, present

MAILBOX = "imaps://mail.lifesciencenord.example/Challenge"
READ_FIELDS = ("Wir sind", "Unternehmen", "PLZ Ort", "Thema", "Menge", "Verfügbar ab", "Verfügbar bis", "Nachricht")
IGNORED_FIELDS = ("Name", "Telefon")  # the person who filled in the form
KINDS = {"Anbieter": "offer", "Hersteller mit Bedarf": "request", "Ideengeber": "idea"}


def parse(documents: Sequence[RawDocument]) -> Parsed:
    """One mail, one listing."""
    messages = distinct(message for document in mails(documents) for message in read_messages(document))
    rows = [*map(_row, messages), *refused_files(documents)]
    return read_rows("lifescience_nord", rows, identified_by("Message-ID"), read_mail)


def _row(message: Message) -> Row:
    said = labelled_lines(message.text, READ_FIELDS + IGNORED_FIELDS, free=("Nachricht",))
    fields = {
        **said,
        "Datum": message.sent_on.isoformat() if message.sent_on else "",
        "Message-ID": message.message_id,
        "Domain": message.sender_domain or "",
    }
    problem = strange_label(said, ("", *READ_FIELDS, *IGNORED_FIELDS))
    if "Wir sind" not in said:
        problem = RowError("Wir sind", "known_label", "not a mail of the contact form")
    return Row(message.place, fields, message.message_id or None, message.problem or problem)


def read_mail(fields: Mapping[str, str]) -> dict[str, Any]:
    """The columns of one mail; raises RowError."""
    no_test(fields, "Unternehmen", "Thema")
    posted_on = posted_day(fields, "Datum")
    kind = kind_of(fields, "Wir sind", KINDS)
    return {
        "kind": kind,
        "title": required(fields, "Thema"),
        "text": described(fields.get("Nachricht")),
        "language": "de",
        "organisation_name": present(fields.get("Unternehmen")),
        **place(fields.get("PLZ Ort")),
        "country": "DE",
        "email_domain": present(fields["Domain"]),
        "contact_route": PLATFORM.contact_route,
        **quantity(fields, "Menge", "de"),
        **window(fields, "Verfügbar ab", "Verfügbar bis", posted_on),
        "posted_at": local_midnight(posted_on),
    }


PLATFORM = Platform(
    name="lifescience_nord",
    title="Facing the Challenge",
    operator="Life Science Nord Management GmbH",
    url="https://lifesciencenord.example/challenge/",
    language="de",
    country="DE",
    kind_of_access="mailbox",
    contact_route="Geschäftsstelle Life Science Nord, Facing the Challenge",
    inbox_pattern="lifescience_nord*",
    expected_rows=(3, 5_000),
    fetch=documents_at(lifescience_nord__mbox=MAILBOX),
    parse=parse,
    ignored_fields=IGNORED_FIELDS,
    mailbox=MAILBOX,
)
