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
    Story,
    Validators,
    Window,
)

__all__ = [
    "Allowance",
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
    "Note",
    "Notice",
    "Orphan",
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
    "Standing",
    "Story",
    "Subscriber",
    "SubscriberRecord",
    "Suppression",
    "Usage",
    "Validators",
    "Window",
    "Wish",
]
