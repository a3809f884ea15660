"""How mail servers begin and end their bounces in prose, by families. Each pattern takes a time that grows with its
text."""

from __future__ import annotations

import re

from digest.returns.addresses import ADDRESS


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


MACHINE = _any(
    r"mailer[-_.]?daemon|post[-_]?master|mail[-_. ]?deliver|mail administrator|delivery (?:sub)?system"
    r"|system administrator",
    r"mdaemon@|mailadm|antivirus|no-?reply@|\bndr@",
)
"""Whom such mails come from."""

SUBJECT = _any(
    r"undeliver|non-?deliver|not (?:be )?delivered|failure notice|fail(?:ed|ure) mail|mail (?:delivery )?fail"
    r"|has failed",
    r"delivery (?:has )?fail|delivery (?:status|problem|report|notif)|returned mail|returning (?:message )?to sender",
    r"message (?:delivery )?(?:failure|delayed)|could not be delivered|warning: (?:message|could not send)",
    r"error sending your mail|processing error|mail system error|user unknown|rejected mail|are not (?:an? )?member",
)
SAID = _any(
    r"(?:could|can|was|were|been|be|has|have) ?not (?:yet )?(?:be(?:en)? )?(?:delivered|reach|deliver|pu etre delivre)",
    r"not delivered to|(?:un)?able to deliver|did not (?:reach|receive)|undeliver(?:able|ed)|failed permanently",
    r"permanent (?:fatal )?error|delivery (?:to|has|attempt)[^.\n]{0,60}fail|deli?e?very to the following"
    r"|delivery fail",
    r"error(?: has)?(?: occurred)?(?: while)?(?: trying| attempting)? (?:to )?deliver|(?:has been|message is) delayed",
    r"following address(?:es|\(es\))? (?:had|failed)|transcript of (?:the )?session|not (?:be )?able to deliver",
    r"delivery problems|delivery errors|invalid (?:final delivery )?user|returned because|could not be accepted",
    r"rejected by a remote|trouble delivering|failed addresses follow|failure reasons|incorrectly constructed",
    r"no such user|unknown user|been returned|did not like our|送信できません|not an? member|failed \d+ attempts",
    r"was (?:automatically )?rejected:|may not exist, or you may not",
)
"""That a letter was not delivered."""

DELAYED = _any(
    r"warning message only|has not yet been delivered|not need to re-?send|delivery attempts will continue",
    r"message is delayed|has been delayed|will (?:be retried|continue)|only a temporary failure"
    r"|still (?:trying|awaiting)",
    r"\bdelayed \d+ ",
)
"""That the server goes on trying."""

TRANSCRIPT = _any(r"transcript of (?:the )?session")

END = re.compile(
    r"^[^\w\n]*+(?:"
    + "|".join(
        (
            r"(?:the |your )?(?:original|returned|unsent|forwarded|old) (?:message|mail)"
            r"(?: (?:info|follows|headers?|below|attached|text|\(max).*)?[^\w\n]*$",
            r"this is a copy of (?:the|your) message|below (?:this line )?is (?:a copy|the original)",
            r"(?:the )?headers? of the original|here is (?:a|the) (?:copy|header)|(?:included|enclosed) is a copy",
            r"message (?:headers|text) follow|start of returned|a summary of the undelivered|your message reads",
            r"the following is a copy|(?:return-path|received) ?: ?\S",
        )
    )
    + r").*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line behind which the letter begins that a server returns."""

_WITH_ADDRESS = rf"[ \t>*\-\"'<\[(]*+(?:smtp:|mailto:)?(?P<address>{ADDRESS})[>\"'\])]*"
LINE_OF_ADDRESS = re.compile(
    rf"^(?:[45]\d\d (?:[45]\.\d\.\d+ )?)?{_WITH_ADDRESS}[ \t]*(?:<[^<>\s]{{0,300}}@[^<>\s]{{0,300}}>)?[ \t]*"
    r"(?:[:;]|$|[\[(]|\.\.\. | - | on \w\w\w, | invalid | error,|delivery failed)",
    re.IGNORECASE,
)
"""A line that begins with an address: what follows is said of it. qmail, Postfix, Exim, sendmail and many others."""

NAMED = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"recipient(?: address)?|original(?:ly addressed to| address)?|undeliverable address|intended recipient",
            r"mailing list|address(?:ed)?(?: to)?|unknown user|user(?:id)?|undeliverable(?: *to)?|your message to",
            r"deliver(?:ed|y|ing)?(?: your (?:mail|message))?(?: failed| message)?(?: \d+ attempts)?(?: to| fails?)?",
            r"failed \d+ attempts|rejected recipient|(?:was |were )?addressed to|rcpt to"
            r"|reach the following recipient|for",
        )
    )
    + rf")(?:\s?[:=]\s*|\s+|(?=[<\"'(\[]))[\[<\"'(]*+(?:smtp:)?(?P<address>{ADDRESS})",
    re.IGNORECASE,
)
"""A phrase that names the address."""

OF_A_LIST = re.compile(rf"member of this mailing list <(?P<address>{ADDRESS})>", re.IGNORECASE)
"""fml: a mailing list that takes letters of its members alone."""

REPLIED = re.compile(r"[45]\d\d ")
"""sendmail's transcript: each line is whole."""

OF_THE_HOUSE = _any(r"^(?:post[-_]?master|mailer-daemon|mail-daemon|abuse|support|hostmaster|webmaster|help)@")
"""Addresses that stand in a bounce for help, not because a letter failed there."""
