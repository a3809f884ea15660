"""What mail servers say when they refuse: the phrases by what they mean. They are looked for in words on one line."""

from __future__ import annotations

import re

_NAMED = r"[ '\"]{0,2}(?:[<(\[]?[^\s<>@]{1,64}@[^\s<>@]{1,80}[>)\]}]?)?[ '\"]{0,2}[:.,]?[ '\"]{0,2}"
"""The address, where it stands between a noun and its verb: `user <ana@docket.example> unknown`."""


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


NO_SUCH_USER = _any(
    r"\b(?:user|recipient|mailbox|account|addressee?|addresses|alias|local part|destination|member|inbox)(?: name)?"
    + _NAMED
    + r"(?:is |was |does |has |you entered )?(?:possibly |currently |not a )?"
    r"(?:unknown|not (?:be )?(?:found|known|exists?|listed|recogni[sz]ed)|(?:does|do)?n'?t exist|does not exist"
    r"|could ?n[o']t be found|invalid(?! or disabled)|non-?existent|undeliverable"
    r"|no longer (?:valid|exists?|on server))",
    r"\b(?:unknown|no such|invalid|illegal|non-?existent|unrout[e]?able|undefined|bad) (?:or (?:illegal|unknown) )?"
    r"(?:final delivery |local |virtual |e-?mail |mail |destination |alias )?(?:mailbox )?"
    r"(?:user(?:id| ?name)?|recipient|mailbox|account|address|alias|person|inbox|addressee|local-part)\b",
    r"\bno (?:valid |such )?(?:mailbox|user|recipient|person|one|account|inbox|matching)s?"
    r" (?:here|by that|with that|found|exists?|in local|named|like)",
    r"no mailbox here",
    r"not our customer",
    r"not a valid (?:mailbox|user|recipient|address|account)",
    r"not (?:listed|found) in (?:the |our )?(?:domino|public|name & address|address)? ?(?:directory|book)",
    r"recip(?:ient)?notfound|resolver\.adr\.[a-z.]{0,40}notfound",
    r"recipient name is not recognized|user not known|address(?:ee)? unknown|unknown (?:addressee|local ?part)",
    r"unknown (?:to (?:this|our)|in (?:local|virtual|relay) )|not known (?:here|at)\b",
    r"recipient address rejected(?:: (?:access denied|undeliverable|user unknown|no such|invalid)|\.?$)",
    r"550 requested action not taken: mailbox unavailable",
    r"does not have a final email delivery point|no matches to nameserver",
    r"n'existe pas|existiert nicht|no existe\b|unbekannt|inconnue?\b",
    r"見つからない|リストにありません|存在しません|宛先不明",
)
SURELY_NO_SUCH_USER = _any(r"delivery error: dd this user doesn'?t have an? ")
"""Yahoo says it after it has read the letter, and means the address all the same."""

NO_SUCH_HOST = _any(
    r"\b(?:host|domain|destination|server)(?: name)? (?:\S{1,80} )?(?:is )?"
    r"(?:unknown|not found(?!,? ?try)|does(?: not|n'?t) exist|cannot be found|not reachable)",
    r"\b(?:unknown|no such|bad|illegal) (?:host|domain|destination system|mail domain)",
    r"host or domain name not found(?!.{0,80}try)",
    r"could ?n[o']t find (?:any host|a mail exchanger)",
    r"name or service not known|nxdomain|domain name not found|no (?:mx|dns) records? (?:found|exist)",
    r"all relevant mx records point to non-?existent|domain (?:\S{1,80} )?has no mx",
)
TAKES_NO_MAIL = _any(
    r"indicated no smtp service|null ?mx",
    r"does(?: not|n'?t) (?:accept|receive) (?:any )?e?-?mail\b|domain .{0,80}not accept mail",
)
MOVED = _any(
    r"ha(?:s|ve|d) moved|no forwarding address|user not local\b|has been replaced by",
    r"(?:address|mailbox).{0,30}(?:changed|moved)",
)
SWITCHED_OFF = _any(r"account is (?:disabled|suspended|inactive)")
BROKEN = _any(
    r"procmail:|couldn'?t create|cannot open|command died|no space left|permission denied|i/o error",
)
"""Said by a program on the other side that could not do its work."""

SOMETHING_ELSE = _any(
    r"\bfull\b|quota|exceed|too (?:many|large|big|much|fast|long)|over (?:the |its |disk )?(?:limit|storage|size)"
    r"|storage",
    r"disk space|insufficient|disabled|suspend|inactive|deactivat|discontinu|locked|on hold|not accepting|temporar",
    r"spam|virus|\bbl\?ip|black|block(?:ed|list| list)|reputation|rbl|dnsbl|denied|banned|polic(?:y|ies)|unsolicited"
    r"|abuse",
    r"dmarc|dkim|\bspf\b|authenticat|not authori[sz]ed|permission|sender|mail from|return[ -]?path|from address",
    r"helo|ehlo|reverse|\bptr\b|rdns|relay(?!.{0,12}recipient)|content|attachment|size|malformed|header|mime|\brfc",
    r"timed? ?out|timeout|connection|network|\btls\b|loop|\bhops?\b|try again|later|expired|delayed|deferred|queue"
    r"|\brate\b",
    r"member of|members only|moderat|infected|reject(?:ed)? (?:by|for|due|because)|bulk|complain",
)
"""What is about the letter, its sender, a full mailbox, the network. Against a code that says "no such address"."""

AT_RECIPIENT = _any(
    r"after rcpt|reply to rcpt|our rcpt|rcpt command|\[rcpt_to\]|not like recipient|rcpt to:? ?<[^>]*>:?\s|smtp:rcpt",
    r"following rcpt|rejected recipient|>\.\.\. |sent <<< rcpt|by the server for the recipient"
    r"|recipient address rejected",
)
AT_DATA = _any(
    r"end of data|after i sent the message|\bfinal data\b|reply to (?:end of )?data|after data|text command|smtp:data",
    r"\bcommand data\b|data send|-smtp command data\b",
)
NEED_RECIPIENT = _any(r"need rcpt|no valid recipients")
"""Said to the DATA that was sent along with the RCPT that was refused."""
