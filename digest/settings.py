"""What an editor or operator can decide, as values. `digest.config` reads and checks them, everyone else has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.model import Form, Notice, SourceKind, Sponsor, Theme
from digest.reader_settings import ReaderSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Who writes to the readers. `site` and `web` end in a slash; `web` is where back issues and reader pages are."""

    name: str
    publisher: str
    site: str
    web: str
    postal_address: str
    timezone: ZoneInfo
    language: str
    from_: str
    reply_to: str = ""
    motto: str = ""
    theme: Theme = field(default_factory=Theme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """When an issue closes (0 is Monday, local time of the publication) and how much it holds."""

    weekday: int
    hour: time
    min_stories: int = 5
    max_stories: int = 20
    first_issue: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRule:
    """Which categories a section takes. One without categories takes the rest."""

    name: str
    categories: tuple[str, ...] = ()
    max: int = 5
    form: Form = Form.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What never becomes a story: categories by name, titles by pattern (`*` and `?`), letter case ignored."""

    categories: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where stories come from. `feed` is its address, http(s) or an absolute path, whatever its kind; of `pages` that
    an editor named it is the first. `rest` says whether a feed of WordPress may be read through its REST interface."""

    name: str
    feed: str
    kind: SourceKind = SourceKind.FEED
    rest: bool = True
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSettings:
    """The editor's standing note, if any, and the signature under every note."""

    text: str = ""
    signature: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """The notice bar, shown up to and including `until`."""

    notice: Notice
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorSettings:
    """The sponsor's message, shown up to and including `until`."""

    sponsor: Sponsor
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """An SMTP server. `security` is `starttls`, `tls` or `none`; timeout in seconds."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0
    connections: int = 4
    letters_per_connection: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGrid:
    """A SendGrid account. `address` is the API's base, `at_once` how many requests may be under way together."""

    api_key: str = field(default="", repr=False)
    address: str = "https://api.sendgrid.com"
    readers_per_request: int = 1000
    at_once: int = 4
    timeout: float = 30.0
    track_clicks: bool = False
    track_opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """A Resend account. `address` is the API's base, `at_once` how many requests may be under way together."""

    api_key: str = field(default="", repr=False)
    address: str = "https://api.resend.com"
    readers_per_request: int = 100
    at_once: int = 2
    timeout: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many letters may leave; 0 and empty stand for no limit.

    `per_second`, `per_hour` and `per_day` count all letters of the publication, the last two over the time just past.
    `domains` are limits an hour for single domains of readers. `warm_up` are limits for a new sender's first days.
    """

    per_second: float = 0.0
    per_hour: int = 0
    per_day: int = 0
    domains: Mapping[str, int] = field(default_factory=dict)
    warm_up: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """How long a letter that is put off is tried again, and how long the first wait is; the next ones double."""

    patience: timedelta = timedelta(hours=24)
    first_wait: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSlice:
    """How many letters go first, and what share of them may be refused before the rest is kept back; 0 for none."""

    letters: int = 0
    refused: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Through what letters go, how fast, and what is done about those that do not get through.

    `hold` is how long a provider that can is to keep letters before it lets them go. `resend_uncertain` says whether a
    letter whose fate is unknown is sent again by itself. `local_hour` is the hour in each reader's own time zone.
    `senders` is how many processes share the work, and the connections.
    """

    provider: str = "outbox"
    outbox: Path
    limits: Limits = Limits()
    retrying: Retrying = Retrying()
    first_slice: FirstSlice = FirstSlice()
    hold: timedelta = timedelta(minutes=20)
    resend_uncertain: bool = False
    local_hour: time | None = None
    senders: int = 1
    smtp: Smtp = Smtp()
    sendgrid: SendGrid = SendGrid()
    resend: Resend = Resend()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How sites are asked: seconds, bytes after decompression, sources at once.

    `pause` are the seconds between two requests to a host, `per_host` how many may be under way to it, `deadline` the
    seconds that one gather may take. `private` are hosts, IP addresses and networks that may be asked although they are
    not public. `most_pages` is how many pages of one source's past are read at most, `every` how often the schedule
    reads the sources, zero for never; `articles` says whether stories' own pages are asked for what feeds leave out.
    """

    timeout: float = 20.0
    max_bytes: int = 32 * 1024 * 1024
    at_once: int = 8
    contact: str = ""
    pause: float = 0.0
    per_host: int = 2
    deadline: float = 300.0
    private: tuple[str, ...] = ()
    most_pages: int = 60
    every: timedelta = timedelta(hours=1)
    articles: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSettings:
    """What becomes of stories' pictures. `keep` says whether copies are fetched and kept with the issue; `from_` where
    letters show them from: `original`, `archive`, or an address under which the files of `folder` are served.
    `licensed` are the agencies whose pictures may be shown."""

    keep: bool = True
    from_: str = "original"
    folder: Path | None = None
    licensed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightSettings:
    """What is looked at before an issue leaves: whether links are asked for, and the mail programs that count."""

    links: bool = True
    clients: tuple[str, ...] = (
        "gmail-web",
        "gmail-app",
        "outlook-windows",
        "outlook-com",
        "apple-mail-macos",
        "apple-mail-ios",
        "yahoo",
        "samsung",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorSettings:
    """What the doctor cannot find out: the name servers to ask (`192.0.2.1:53`; the system's when empty), the selectors
    under which letters are signed, and the IP addresses from which the mail server sends."""

    name_servers: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A publication's whole configuration. All paths are absolute; `home` is the folder of its `digest.toml`. A reader
    whose chosen sections have fewer than `least_stories` gets no letter that week. `secrets` sign links, the newest
    first; empty where the store's own do."""

    home: Path
    publication: Publication
    week: Week
    sections: tuple[SectionRule, ...]
    exclusions: Exclusions
    sources: tuple[Source, ...]
    note: NoteSettings
    notice: NoticeSettings | None
    delivery: DeliverySettings
    fetching: Fetching
    store_url: str
    archive: Path
    subscribers: Path
    least_stories: int = 1
    sponsor: SponsorSettings | None = None
    templates: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    preview_folders: tuple[tuple[str, Path], ...] = ()
    preflight: PreflightSettings = PreflightSettings()
    pictures: PictureSettings = PictureSettings()
    readers: ReaderSettings = field(default_factory=ReaderSettings)
    doctor: DoctorSettings = DoctorSettings()
    secret_files: tuple[tuple[str, Path], ...] = ()
    """Files that hold secrets, each with the variable that names it."""

    @property
    def secrets_file(self) -> Path | None:
        """The file that has `secrets`, if one does."""
        return dict(self.secret_files).get("DIGEST_SECRET_FILE")
