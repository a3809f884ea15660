"""The words of the trade, in the order of the rooms: sources and edit in `stories`, deliver in `delivery`, the
others in `letters`.

Everything here is frozen and holds tuples; a change makes a new value (`dataclasses.replace`). All instants are
aware datetimes in UTC.
"""

from digest.model.delivery import Answer, Batch, Campaign, Delivery, Letter, Recall, Receipt
from digest.model.ledger import Claim, ClaimedLetter, HeldBatch, Orphan, Progress, Settled, Settlement, Standing, Wish
from digest.model.letters import (
    IssueRecord,
    IssueState,
    LeftOut,
    LetterRecord,
    LetterState,
    Passage,
    RenderedIssue,
    Slot,
    Subscriber,
    Suppression,
)
from digest.model.pacing import Allowance, Usage
from digest.model.preflight import Finding, Passed, Preflight, Severity
from digest.model.roster import RosterReport, RosterRow, SubscriberRecord
from digest.model.stories import (
    Cut,
    Entry,
    FetchedSource,
    Form,
    Issue,
    Note,
    Notice,
    Picture,
    Section,
    SeenEntry,
    SourceReport,
    SourceStatus,
    Sponsor,
    Story,
    Validators,
    Window,
)
from digest.model.theme import DARK, LIGHT, Amount, Logo, Palette, Theme

__all__ = [
    "DARK",
    "LIGHT",
    "Allowance",
    "Amount",
    "Answer",
    "Batch",
    "Campaign",
    "Claim",
    "ClaimedLetter",
    "Cut",
    "Delivery",
    "Entry",
    "FetchedSource",
    "Finding",
    "Form",
    "HeldBatch",
    "Issue",
    "IssueRecord",
    "IssueState",
    "LeftOut",
    "Letter",
    "LetterRecord",
    "LetterState",
    "Logo",
    "Note",
    "Notice",
    "Orphan",
    "Palette",
    "Passage",
    "Passed",
    "Picture",
    "Preflight",
    "Progress",
    "Recall",
    "Receipt",
    "RenderedIssue",
    "RosterReport",
    "RosterRow",
    "Section",
    "SeenEntry",
    "Settled",
    "Settlement",
    "Severity",
    "Slot",
    "SourceReport",
    "SourceStatus",
    "Sponsor",
    "Standing",
    "Story",
    "Subscriber",
    "SubscriberRecord",
    "Suppression",
    "Theme",
    "Usage",
    "Validators",
    "Window",
    "Wish",
]
