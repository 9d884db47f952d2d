"""What the assets need from outside, as plain classes; the environment is read here and nowhere else."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipelines.faults import WrongSetting
from pipelines.variables import misspelt
from sources.access.http import HttpClient
from sources.access.imap import ImapClient
from sources.access.inbox import read_export
from sources.platform import Client, Platform, RawDocument
from sources.platforms import PLATFORMS
from sources.week import Week

if TYPE_CHECKING:
    from reports.ministry.package.release import Office

VARIABLES = ("VERBUNDRADAR_STORE", "VERBUNDRADAR_INBOX", "VERBUNDRADAR_LIVE", "VERBUNDRADAR_PLATFORMS")
SAMPLES = Path(__file__).parents[1] / "sources" / "samples"


@dataclass(frozen=True)
class Settings:
    """Where listings come from and where results go.

    With neither inbox nor live address the shipped samples are read, one inbox folder a week.
    """

    store: Path
    inbox: Path | None = None
    live: str | None = None  # base address; the empty text means each platform's own address
    platforms: tuple[str, ...] = ()  # names of those to follow; none: see `sources.weekly.state`

    def __post_init__(self) -> None:
        unknown = sorted(set(self.platforms) - {platform.name for platform in PLATFORMS})
        if unknown:
            raise WrongSetting(
                f"VERBUNDRADAR_PLATFORMS: no platform is called {', '.join(unknown)}; all names: verbundradar platforms"
            )

    @classmethod
    def from_environment(cls) -> "Settings":
        """VERBUNDRADAR_INBOX, _LIVE, _STORE and _PLATFORMS; relative paths count from the working folder."""
        inbox, live = os.environ.get("VERBUNDRADAR_INBOX"), os.environ.get("VERBUNDRADAR_LIVE")
        platforms = tuple(os.environ.get("VERBUNDRADAR_PLATFORMS", "").replace(",", " ").split())
        return cls(store_of(None).absolute(), Path(inbox).absolute() if inbox else None, live, platforms)

    def environment(self) -> Mapping[str, str]:
        """What `from_environment` reads these settings from, in another process."""
        said = (str(self.store), str(self.inbox) if self.inbox else None, self.live, " ".join(self.platforms))
        return {name: value for name, value in zip(VARIABLES, said, strict=True) if value is not None}

    @property
    def is_sample(self) -> bool:
        return self.inbox is None and self.live is None


def secret_of(name: str) -> str:
    """VERBUNDRADAR_<name>, or what stands in the file that VERBUNDRADAR_<name>_FILE names; "" for neither.

    Raises WrongSetting for a file that cannot be read.
    """
    variable = f"VERBUNDRADAR_{name}"
    if variable in os.environ:
        return os.environ[variable]
    path = os.environ.get(f"{variable}_FILE", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise WrongSetting(f"{variable}_FILE: {path} cannot be read: {reason}") from None


def secret_files() -> list[str]:
    """The names of secrets that stand in files, as `secret_of` takes them."""
    parts = (name.removeprefix("VERBUNDRADAR_") for name in sorted(os.environ) if name.startswith("VERBUNDRADAR_"))
    return [part.removesuffix("_FILE") for part in parts if part.endswith("_FILE")]


_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True)
class AnswerAccess:
    """How answers to an issue come back by mail; all of it is optional."""

    address: str = ""  # to which the links of an issue write; none: there are no links
    mailbox: str = ""  # imaps://host/FOLDER where they arrive; none: only the folder in the store is read
    key: str = ""  # signs what the links carry; none: the store's own is used

    @classmethod
    def from_environment(cls) -> "AnswerAccess":
        """VERBUNDRADAR_ANSWERS_TO, _MAILBOX and _KEY; raises WrongSetting for an address or mailbox that is none."""
        address, mailbox = (os.environ.get(f"VERBUNDRADAR_ANSWERS_{part}", "") for part in ("TO", "MAILBOX"))
        if address and not _ADDRESS.fullmatch(address):
            raise WrongSetting("VERBUNDRADAR_ANSWERS_TO is not one plain address such as office@ministry.example")
        if mailbox and not re.fullmatch(r"imaps?://[^\s/]+/\S+", mailbox):
            raise WrongSetting(
                "VERBUNDRADAR_ANSWERS_MAILBOX is not a mailbox such as imaps://mail.ministry.example/INBOX"
            )
        return cls(address, mailbox, secret_of("ANSWERS_KEY"))

    def mails(self) -> tuple[RawDocument, ...]:
        """What lies in the mailbox; raises Unreachable."""
        return (_imap().get(self.mailbox),) if self.mailbox else ()

    def mailbox_mark(self) -> str:
        """What changes with every mail that arrives; "" where there is no mailbox or no mail. Raises Unreachable."""
        return _imap().mark(self.mailbox) if self.mailbox else ""


def statistics_office() -> "Office":
    """VERBUNDRADAR_STATISTICS_PUBLISHER, _CONTACT, _ADDRESS, _CONTRIBUTOR; raises WrongSetting naming what is wrong."""
    from reports.ministry.package.release import Office  # brings tables and charts, half a second

    said = {
        part: os.environ.get(f"VERBUNDRADAR_STATISTICS_{part}", "")
        for part in ("PUBLISHER", "CONTACT", "ADDRESS", "CONTRIBUTOR")
    }
    if said["CONTACT"] and not _ADDRESS.fullmatch(said["CONTACT"]):
        raise WrongSetting(
            "VERBUNDRADAR_STATISTICS_CONTACT is not one plain address such as statistik@ministry.example"
        )
    if said["ADDRESS"] and not re.fullmatch(r"https://[^\s<>\"]+/", said["ADDRESS"]):
        raise WrongSetting("VERBUNDRADAR_STATISTICS_ADDRESS is not an https address that ends in a slash")
    if said["CONTRIBUTOR"] and not re.fullmatch(r"https?://[^\s<>\"]+", said["CONTRIBUTOR"]):
        raise WrongSetting(
            "VERBUNDRADAR_STATISTICS_CONTRIBUTOR is not an address such as those of dcat-ap.de/def/contributors"
        )
    return Office(said["PUBLISHER"] or Office.publisher, said["CONTACT"], said["ADDRESS"], said["CONTRIBUTOR"])


def statistics_key() -> bytes:
    """VERBUNDRADAR_STATISTICS_KEY, the secret of record keys; raises WrongSetting where there is none."""
    key = secret_of("STATISTICS_KEY").encode()
    if not 16 <= len(key) <= 64:
        raise WrongSetting(
            "VERBUNDRADAR_STATISTICS_KEY must have 16 to 64 bytes, drawn at random once and kept: with another one the "
            "same cells would get other noise"
        )
    return key


def postgres_address() -> str:
    """Where Dagster keeps its records if not in the store, with the password; "" for the store.

    VERBUNDRADAR_POSTGRES is an address such as postgresql://dagster@db/dagster?sslmode=verify-full; its password is
    the secret POSTGRES_PASSWORD, if the server wants one. Raises WrongSetting naming what is wrong.
    """
    address = os.environ.get("VERBUNDRADAR_POSTGRES", "")
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme != "postgresql" or not parts.username or not parts.hostname or not parts.path.strip("/"):
        raise WrongSetting("VERBUNDRADAR_POSTGRES is not an address such as postgresql://dagster@db/dagster")
    if parts.password is not None:
        raise WrongSetting("VERBUNDRADAR_POSTGRES holds a password; it belongs in VERBUNDRADAR_POSTGRES_PASSWORD_FILE")
    if find_spec("dagster_postgres") is None:
        raise WrongSetting("VERBUNDRADAR_POSTGRES needs packages that are not installed: uv pip install .[production]")
    user, _, host = parts.netloc.rpartition("@")
    password = secret_of("POSTGRES_PASSWORD")
    login = f"{user}:{quote(password, safe='')}" if password else user
    return parts._replace(scheme="postgresql+psycopg2", netloc=f"{login}@{host}").geturl()


def mirror_address() -> str:
    """VERBUNDRADAR_MIRROR, s3://bucket/folder or file:///folder; "" for none. Raises WrongSetting naming what is wrong.

    Where an S3-compatible store is and who asks, the usual variables say: AWS_ENDPOINT_URL, AWS_REGION, AWS_CA_BUNDLE,
    AWS_SHARED_CREDENTIALS_FILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).
    """
    address = os.environ.get("VERBUNDRADAR_MIRROR", "").rstrip("/")
    parts = urlsplit(address)
    is_place = parts.netloc if parts.scheme == "s3" else parts.scheme == "file" and not parts.netloc and parts.path
    if address and not is_place:
        raise WrongSetting("VERBUNDRADAR_MIRROR is not an address such as s3://bucket/folder")
    if "@" in parts.netloc or parts.query:
        raise WrongSetting("VERBUNDRADAR_MIRROR holds a login; it belongs in AWS_SHARED_CREDENTIALS_FILE")
    return address


def check_environment() -> None:
    """Raise WrongSetting for what is set and cannot be used, or by a name that is nearly ours, naming the variable."""
    if wrong := list(misspelt(os.environ)):
        raise WrongSetting("; ".join(wrong))
    for name in secret_files():
        secret_of(name)
    postgres_address()
    mirror_address()
    AnswerAccess.from_environment()
    keys = os.environ.get("VERBUNDRADAR_KEYS")
    if keys and Path(keys).exists() and not Path(keys).is_dir():
        raise WrongSetting("VERBUNDRADAR_KEYS is a file: name the folder in which the keys lie")
    if any(name.startswith("VERBUNDRADAR_STATISTICS_") for name in os.environ):
        statistics_office()


def keys_of(store: Path) -> Path:
    """The folder with the keys of a store: VERBUNDRADAR_KEYS, else ``keys/`` in the store itself."""
    given = os.environ.get("VERBUNDRADAR_KEYS")
    return Path(given).absolute() if given else store / "keys"


def store_of(given: Path | None) -> Path:
    """The store that a command works on: the one it was given, else that of the environment. Raises WrongSetting."""
    inbox, live = os.environ.get("VERBUNDRADAR_INBOX"), os.environ.get("VERBUNDRADAR_LIVE")
    store = given or Path(os.environ.get("VERBUNDRADAR_STORE") or default_store(inbox, live))
    if store.is_file():
        raise WrongSetting(f"the store {store} is a file; name a folder with --store or VERBUNDRADAR_STORE")
    return store


def default_store(inbox: str | None, live: str | None) -> str:
    """Samples, exports and live pages never share a store unless someone asks for it: their histories differ."""
    return "data/live" if live is not None else "data/inbox" if inbox else "data/samples"


def sample_weeks() -> list[Week]:
    """The two newest weeks of the shipped samples: the first is the baseline, the second shows what is new."""
    return sorted(Week.parse(folder.name) for folder in SAMPLES.glob("????-W??"))[-2:]


@dataclass(frozen=True)
class PlatformAccess:
    """Reads platforms as the settings say; satisfies `sources.weekly.state.Access`."""

    settings: Settings

    @property
    def followed(self) -> Collection[str]:
        return self.settings.platforms

    @property
    def is_live(self) -> bool:
        return self.settings.live is not None

    def shows(self, week: Week) -> bool:
        """Pages at their own address show today; in a rehearsal the server's clock counts, which only it knows."""
        return self.settings.live != "" or week.shows(datetime.now(UTC))

    def documents(self, platform: Platform, week: Week, known: Sequence[RawDocument]) -> tuple[RawDocument, ...]:
        """The documents as served; raises Unreachable. An export counts as the state at the end of its week."""
        if self.settings.live is not None:
            key = secret_of(f"KEY_{platform.name.upper()}")
            with HttpClient(platform, self.settings.live or None, known=known, key=key) as web:
                return platform.fetch(self._with_mail(platform, web), platform.url)
        return read_export(platform, self.settings.inbox or SAMPLES / str(week), week.ends_at)

    def mailbox_marks(self) -> dict[str, str]:
        """Platform -> what changes with every mail that arrives in its mailbox; none where none is read.

        Raises Unreachable.
        """
        return {
            platform.name: _imap(_mail_server()).mark(platform.mailbox)
            for platform in PLATFORMS
            if self._reads_mail(platform) and (not self.followed or platform.name in self.followed)
        }

    def _reads_mail(self, platform: Platform) -> bool:
        """Mail comes over IMAP; in a rehearsal without a mail server the simulated platform hands it out."""
        return bool(platform.mailbox) and self.is_live and not (self.settings.live and not _mail_server())

    def _with_mail(self, platform: Platform, web: Client) -> Client:
        return _MailAndWeb(platform.mailbox, _imap(_mail_server()), web) if self._reads_mail(platform) else web


def _mail_server() -> str:
    return os.environ.get("VERBUNDRADAR_IMAP_SERVER", "")


def _imap(server: str = "") -> ImapClient:
    return ImapClient(os.environ.get("VERBUNDRADAR_IMAP_USER", ""), secret_of("IMAP_PASSWORD"), server)


@dataclass(frozen=True)
class _MailAndWeb:
    """A `Client` for platforms that speak by mail and on the web."""

    mailbox: str
    mail: Client
    web: Client

    def get(self, url: str, question: str = "") -> RawDocument:
        return (self.mail if url == self.mailbox else self.web).get(url, question)
