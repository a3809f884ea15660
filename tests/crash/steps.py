"""The steps of a send at which a process can be killed, from the list to the last line of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A place in the product: before or after a function or method of `module` is run."""

    module: str
    name: str
    after: bool = False


def _before(module: str, name: str) -> Step:
    return Step(f"digest.{module}", name)


def _after(module: str, name: str) -> Step:
    return Step(f"digest.{module}", name, after=True)


# `inside` is within the transaction: everything is written and nothing is committed.
STEPS: Mapping[str, Step] = {
    "list.before": _before("record.subscribers", "Subscribers.keep"),
    "list.inside": _after("record.subscribers", "_read"),
    "list.after": _after("record.subscribers", "Subscribers.keep"),
    "plan.before": _before("record.ledger", "Ledger.plan"),
    "plan.inside": _after("record.ledger_plan", "plan"),
    "plan.after": _after("record.ledger", "Ledger.plan"),
    "seal.before": _before("record.seal", "Seal.renew"),
    "seal.inside": _after("record.seal", "Seal._write"),
    "seal.unconfirmed": _before("record.seal", "Seal._confirm"),
    "seal.after": _after("record.seal", "Seal.renew"),
    "journal.opened": _after("record.journal", "Journal.__init__"),
    "enter.before": _before("record.senders", "Senders.enter"),
    "enter.after": _after("record.senders", "Senders.enter"),
    "takeover.inside": _after("record.senders", "Senders._orphans"),
    "takeover.after": _after("record.senders", "Senders.take_over"),
    "claim.before": _before("record.ledger", "Ledger.claim"),
    "claim.inside": _after("record.ledger_claim", "claim"),
    "claim.after": _after("record.ledger", "Ledger.claim"),
    "started.before": _before("record.journal", "Journal.started"),
    "started.after": _after("record.journal", "Journal.started"),
    "answered.before": _before("record.journal", "Journal.answered"),
    "answered.after": _after("record.journal", "Journal.answered"),
    "settle.before": _before("record.ledger", "Ledger.settle"),
    "settle.inside": _after("record.ledger_settle", "settle"),
    "settle.after": _after("record.ledger", "Ledger.settle"),
    "leave.before": _before("record.senders", "Senders.leave"),
    "leave.after": _after("record.senders", "Senders.leave"),
    "close.before": _before("record.journal", "Journal.close"),
    "close.after": _after("record.journal", "Journal.close"),
    "forget.before": _before("record.senders", "Senders.forget_journals"),
    "sent.before": _before("record.issues", "Issues.mark_sent"),
    "sent.after": _after("record.issues", "Issues.mark_sent"),
    "smtp.connected": _after("deliver.smtp_line", "open_connection"),
    "smtp.begun": _after("deliver.smtp_connection", "Connection.begin"),
    "smtp.halfway": _before("deliver.smtp_connection", "Connection.finish"),
    "smtp.whole": _before("deliver.smtp_connection", "Connection._answered"),
    "smtp.heard": _after("deliver.smtp_connection", "Connection._answered"),
    "sendgrid.reserved": _after("deliver.sendgrid", "SendGridLine.reserve"),
    "sendgrid.before": _before("deliver.sendgrid", "SendGridLine._post"),
    "sendgrid.whole": _before("deliver.kept_connection", "KeptConnection._answer"),
    "sendgrid.heard": _after("deliver.sendgrid", "SendGridLine._post"),
    "recall.before": _before("deliver.sendgrid", "SendGridProvider.recall"),
    "recall.after": _after("deliver.sendgrid", "SendGridProvider.recall"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One kill: at which step, the how many-eth time that it comes, in a run of how many letters (0: all)."""

    step: str
    nth: int = 1
    limit: int = 0


REST = Turn("")
"""No kill: what the dead left is settled, and time passes. A service that holds letters calls ten back at a time."""

_BEFORE_THE_FIRST_LETTER = tuple(
    map(
        Turn,
        (
            "list.before",
            "list.inside",
            "list.after",
            "plan.before",
            "plan.inside",
            "plan.after",
            "seal.before",
            "seal.inside",
            "seal.unconfirmed",
            "seal.after",
            "seal.inside",
            "journal.opened",
            "enter.before",
            "enter.after",
            "claim.before",
            "claim.inside",
            "claim.after",
            "takeover.inside",
            "takeover.after",
        ),
    )
)
_AT_THE_END = (
    Turn("leave.before", limit=20),
    Turn("leave.after", limit=20),
    Turn("close.before", limit=20),
    Turn("close.after", limit=20),
    Turn("forget.before", limit=20),
    Turn("sent.before", limit=20),
    Turn("sent.after", limit=20),
    Turn("sent.before"),
)

SMTP_AT_THE_START = (
    *_BEFORE_THE_FIRST_LETTER,
    Turn("smtp.connected", 2),
    Turn("smtp.begun", 5),
    Turn("smtp.whole", 10),
)
"""The steps of a send over SMTP, one kill after the other in one campaign: each run is the resumption of the last."""

SMTP_AT_THE_END = (
    Turn("started.before", 10),
    Turn("started.after", 10),
    Turn("smtp.halfway", 10),
    Turn("smtp.whole", 10),
    Turn("takeover.inside"),
    Turn("smtp.heard", 10),
    Turn("answered.before", 10),
    Turn("answered.after", 10),
    Turn("settle.before"),
    Turn("settle.inside"),
    Turn("settle.before", 2),
    Turn("settle.after"),
    *_AT_THE_END,
)

SENDGRID_TURNS = (
    Turn("plan.inside"),
    Turn("seal.inside"),
    Turn("sendgrid.reserved"),
    Turn("claim.inside"),
    Turn("claim.after"),
    Turn("started.before"),
    Turn("started.after"),
    Turn("sendgrid.before"),
    Turn("sendgrid.whole"),
    Turn("recall.before"),
    Turn("recall.after"),
    REST,
    Turn("sendgrid.whole"),
    Turn("takeover.inside"),
    Turn("sendgrid.heard"),
    Turn("answered.before"),
    REST,
    Turn("answered.after"),
    Turn("settle.before"),
    Turn("settle.inside"),
    Turn("settle.after"),
    Turn("leave.before", limit=20),
    Turn("close.before", limit=20),
    Turn("sent.before"),
)
