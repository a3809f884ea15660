"""Everything that digest.toml may say: its tables, and for each key its kind, its default and what it decides."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from digest.config import kinds
from digest.config.kinds import Table
from digest.config.schema_doctor import DoctorTable
from digest.config.schema_gathering import FetchTable, PicturesTable, SourceTable
from digest.config.schema_readers import RatesTable, ReturnsTable, ServeTable, SignUpTable, WebhookTable
from digest.settings import PreflightSettings


class PublicationTable(Table):
    name: kinds.FilledLine = Field(description="The letter's name, as it stands in the masthead.")
    publisher: kinds.FilledLine = Field(description="Who publishes it: the newsroom.")
    site: kinds.Site = Field(description="The newsroom's site.")
    postal_address: kinds.Filled = Field(description="The postal address in the footer; the law asks for one.")
    timezone: kinds.TimeZone = Field(description="The time zone in which the week closes and dates are set.")
    language: kinds.Language = Field(default="en", description="The language of the letter, by its code.")
    from_: kinds.Mailbox = Field(alias="from", description="Who the letter comes from: a name and an address.")
    reply_to: kinds.Mailbox = Field(default="", description="Where answers go, if not to the sender.")
    motto: kinds.Line = Field(default="", description="A line under the name in the masthead.")
    accent: kinds.Colour = Field(
        default="", description="The one colour: labels, links, the button; the theme's when it is not given."
    )
    accent_dark: kinds.Colour = Field(
        default="",
        description="The same for readers who read in the dark; made out of the accent when it is not given.",
    )


class WebTable(Table):
    address: kinds.Site = Field(
        default="",
        description='Where back issues and the readers\' pages are; the site and "letters/" when it is not given.',
    )


class WeekTable(Table):
    closes: kinds.Closes = Field(description="The day and the hour, in local time, at which an issue closes.")
    min_stories: kinds.AtLeastOne = Field(default=5, description="With fewer stories no issue goes out.")
    max_stories: kinds.AtLeastOne = Field(default=20, description="An issue holds no more stories than this.")
    first_issue: kinds.Day = Field(default=None, description="The first issue's date; made up until sent.")


class SectionTable(Table):
    name: kinds.FilledLine = Field(description="The section's label in the letter.")
    categories: kinds.Names = Field(
        default_factory=list, description="The site's categories that it takes; without any it takes the rest."
    )
    max: kinds.AtLeastOne = Field(default=5, description="It holds no more stories than this.")
    form: kinds.FormName = Field(
        default="standard", description="How it is set: lead, standard, brief, opinion, feature, podcast or correction."
    )


class ExcludeTable(Table):
    categories: kinds.Names = Field(default_factory=list, description="Categories that never become stories.")
    titles: kinds.Names = Field(
        default_factory=list, description="Titles that never become stories; * stands for anything, ? for one letter."
    )


class NoteTable(Table):
    text: kinds.Text = Field(default="", description="The editor's note; an empty line starts a new paragraph.")
    signature: kinds.Line = Field(default="", description="Who signs the note.")
    role: kinds.Line = Field(default="", description="Who that is: Editor, say.")


class NoticeTable(Table):
    text: kinds.FilledLine = Field(description="The line above the masthead.")
    link: kinds.WebAddress = Field(default="", description="Where it leads.")
    link_text: kinds.Line = Field(default="", description="The words of it that are the link.")
    until: date | None = Field(default=None, description="The last day on which it is shown.")


class SponsorTable(Table):
    text: kinds.FilledLine = Field(description="The sponsor's message.")
    payer: kinds.FilledLine = Field(description="Who paid for it.")
    heading: kinds.Line = Field(default="", description="A line above it.")
    link: kinds.WebAddress = Field(default="", description="Where it leads.")
    link_text: kinds.Line = Field(default="", description="The words that are the link.")
    until: date | None = Field(default=None, description="The last day on which it is shown.")


class AudienceTable(Table):
    subscribers: kinds.PathText = Field(default="subscribers.csv", description="The list of subscribers, a CSV file.")
    least_stories: kinds.AtLeastOne = Field(
        default=1, description="Readers who chose sections get no letter in a week in which those have fewer stories."
    )


class SmtpTable(Table):
    host: kinds.FilledLine = Field(default="localhost", description="The mail server.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=587, description="Its port.")
    security: kinds.Security = Field(
        default="starttls", description="How the connection is kept secret: starttls, tls or none."
    )
    username: kinds.Line = Field(default="", description="The name to log in with; without one there is no login.")
    ca_file: kinds.PathText = Field(default="", description="A file of certificates to trust beside the system's.")
    timeout: kinds.Positive = Field(default=30.0, description="Seconds to wait for an answer.")
    connections: kinds.AtOnce = Field(default=4, description="Connections kept open at the same time, 32 at most.")
    letters_per_connection: kinds.AtLeastOne = Field(
        default=500, description="Letters before a connection is made anew."
    )


class SendGridTable(Table):
    address: kinds.WebAddress = Field(
        default="https://api.sendgrid.com", description="The service's address; https://api.eu.sendgrid.com in Europe."
    )
    readers_per_request: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1000, description="Readers in one request."
    )
    at_once: kinds.AtOnce = Field(default=4, description="Requests under way at the same time, 32 at most.")
    timeout: kinds.Positive = Field(default=30.0, description="Seconds to wait for an answer.")
    track_clicks: bool = Field(default=False, description="Whether the service counts clicks.")
    track_opens: bool = Field(default=False, description="Whether the service counts openings.")


class ResendTable(Table):
    address: kinds.WebAddress = Field(default="https://api.resend.com", description="The service's address.")
    readers_per_request: Annotated[int, Field(ge=1, le=100)] = Field(default=100, description="Readers in one request.")
    at_once: kinds.AtOnce = Field(default=2, description="Requests under way at the same time, 32 at most.")
    timeout: kinds.Positive = Field(default=30.0, description="Seconds to wait for an answer.")


class DeliveryTable(Table):
    provider: kinds.Provider = Field(
        default="outbox", description="Through what letters go: outbox, smtp, sendgrid or resend."
    )
    outbox: kinds.PathText = Field(
        default="outbox", description="The folder for letters that are written and not sent."
    )
    pace: Annotated[float, Field(ge=0)] = Field(default=0.0, description="Letters a second at most; 0 for no limit.")
    per_hour: kinds.Count = Field(default=0, description="Letters at most in any hour; 0 for no limit.")
    per_day: kinds.Count = Field(default=0, description="Letters at most in any 24 hours; 0 for no limit.")
    domains: kinds.DomainLimits = Field(
        default_factory=dict, description="Letters an hour at most to single domains of readers, by domain."
    )
    warm_up: list[kinds.AtLeastOne] = Field(
        default_factory=list, description="A new sender's limits: letters on its first day, the second, and so on."
    )
    patience: Annotated[float, Field(gt=0, le=120)] = Field(
        default=24.0, description="Hours for which a letter that is put off is tried again."
    )
    retry_after: Annotated[float, Field(gt=0, le=120)] = Field(
        default=5.0, description="Minutes before the first new try; the waits after it double, up to 2 hours."
    )
    uncertain: kinds.Uncertain = Field(
        default="hold", description="Letters that may have arrived: hold, for you to decide, or resend."
    )
    hold: kinds.Hold = Field(
        default=20.0, description="Minutes that SendGrid keeps letters, to be able to take them back; 0 for none."
    )
    senders: Annotated[int, Field(ge=1, le=8)] = Field(
        default=1, description="Processes that share the sending; more than one pays on a large list, one a processor."
    )
    first_slice: kinds.Count = Field(default=0, description="Letters that go first, to see how they fare; 0 for none.")
    first_slice_refused: kinds.Share = Field(
        default=0.1, description="With a larger share of the first ones refused the rest is kept back."
    )
    local_hour: kinds.LocalHour = Field(
        default="", description="The hour in a reader's own time zone at which the letter goes, like 07:00."
    )
    smtp: SmtpTable = Field(default_factory=SmtpTable)
    sendgrid: SendGridTable = Field(default_factory=SendGridTable)
    resend: ResendTable = Field(default_factory=ResendTable)


class StoreTable(Table):
    url: kinds.StoreAddress = Field(
        default="sqlite:///var/digest.db", description="Where stories and sent letters are remembered."
    )


class ArchiveTable(Table):
    folder: kinds.PathText = Field(default="issues", description="The folder of issues that were made up.")


class PaletteTable(Table):
    paper: kinds.Colour = Field(default="", description="The page.")
    panel: kinds.Colour = Field(default="", description="The ground of opinion, notice and sign-up.")
    ink: kinds.Colour = Field(default="", description="Headlines and the note.")
    text: kinds.Colour = Field(default="", description="Decks.")
    muted: kinds.Colour = Field(default="", description="Captions and small print.")
    accent: kinds.Colour = Field(default="", description="Labels and links.")
    button: kinds.Colour = Field(
        default="", description="The button, under white words; the accent when it is not given."
    )
    rule: kinds.Colour = Field(default="", description="The lines above sections.")
    hairline: kinds.Colour = Field(default="", description="The lines between stories.")


class LogoTable(Table):
    address: kinds.PictureAddress = Field(description="A JPEG or PNG of the name, best in twice its size.")
    width: kinds.Column = Field(description="Its width in the letter, in px.")
    height: kinds.Column = Field(description="Its height in the letter, in px.")
    dark: kinds.PictureAddress = Field(default="", description="The same for readers who read in the dark.")
    alt: kinds.Line = Field(
        default="", description="What is read in its place; the letter's name when it is not given."
    )


class ThemeTable(Table):
    name: kinds.ThemeName = Field(default="closing-arguments", description="Which look: closing-arguments or plain.")
    templates: kinds.PathText = Field(
        default="", description="A folder of your own templates; each stands for the built-in one of its name."
    )
    headings: kinds.Face = Field(default="serif", description="The type of headlines: serif or sans.")
    body: kinds.Face = Field(default="serif", description="The type of everything under them: serif or sans.")
    columns: Annotated[int, Field(ge=1, le=2)] = Field(default=2, description="Columns of briefs and features: 1 or 2.")
    text: kinds.HowMuch = Field(
        default="full", description="How much stands under a headline: headlines (nothing), decks (a sentence) or full."
    )
    pictures: bool = Field(default=True, description="Whether stories have their pictures.")
    full_stop: bool = Field(default=True, description="Whether the name ends with a full stop in the accent colour.")
    light: PaletteTable = Field(default_factory=PaletteTable)
    dark: PaletteTable = Field(default_factory=PaletteTable)
    logo: LogoTable | None = None


class PreviewTable(Table):
    folders: dict[str, kinds.PathText] = Field(
        default_factory=dict,
        description="For pictures that are not on the web yet: the beginning of their addresses, and the folder.",
    )


class PreflightTable(Table):
    links: bool = Field(default=True, description="Whether the letter's links are asked for before it is sent.")
    clients: kinds.Clients = Field(
        default_factory=lambda: list(PreflightSettings().clients),
        description="The mail programs in which the letter must be right, by the names that the manual lists.",
    )


class Document(Table):
    """The whole of digest.toml."""

    publication: PublicationTable
    web: WebTable = Field(default_factory=WebTable)
    week: WeekTable
    sections: list[SectionTable] = Field(
        default_factory=list, description="The sections in their order; a story goes to the first that takes it."
    )
    exclude: ExcludeTable = Field(default_factory=ExcludeTable)
    sources: Annotated[list[SourceTable], Field(min_length=1)] = Field(description="Where the stories come from.")
    note: NoteTable = Field(default_factory=NoteTable)
    notice: NoticeTable | None = None
    sponsor: SponsorTable | None = None
    audience: AudienceTable = Field(default_factory=AudienceTable)
    delivery: DeliveryTable = Field(default_factory=DeliveryTable)
    fetch: FetchTable = Field(default_factory=FetchTable)
    store: StoreTable = Field(default_factory=StoreTable)
    archive: ArchiveTable = Field(default_factory=ArchiveTable)
    theme: ThemeTable = Field(default_factory=ThemeTable)
    preview: PreviewTable = Field(default_factory=PreviewTable)
    preflight: PreflightTable = Field(default_factory=PreflightTable)
    pictures: PicturesTable = Field(default_factory=PicturesTable)
    sign_up: SignUpTable = Field(default_factory=SignUpTable)
    serve: ServeTable = Field(default_factory=ServeTable)
    returns: ReturnsTable = Field(default_factory=ReturnsTable)
    webhook: WebhookTable = Field(default_factory=WebhookTable)
    rates: RatesTable = Field(default_factory=RatesTable)
    doctor: DoctorTable = Field(default_factory=DoctorTable)
