"""Whether a refusal is about the address, and so for good, or about this letter, its sender, or the moment.

Hard is only what is really the address: no such user, no such host, a host that takes no mail at all, a mailbox that has
moved. Everything else is soft, also a mailbox that is full, switched off or closed to us: that may pass, and a reader
must not be lost. The codes are those of RFC 3463 and of IANA's registry of enhanced status codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,2})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d./])(?<!\d:)([45]\d\d)(?![\d./:])")
_TEMPORARY_CODE = re.compile(r"(?<![\d.])4\.\d{1,2}\.\d{1,3}(?![\d.])|(?<![\d.:/\[])4[2-5][0-9](?=[ :-])")

_DEAD_CODES = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
"""5.1.0 and 5.4.4 (no route) only where the words do not say otherwise."""
_ALIVE_SUBJECTS = frozenset({"2", "3", "6", "7"})
"""Mailbox, mail system, content, policy (RFC 3463, section 3): of these only the words can say that it is the address."""

_NO_SUCH_USER = re.compile(
    r"""
    \b(?:user|recipient|mailbox|account|addressee?|alias|addresses|local[ ]part|destination|member|inbox)
        (?:[ ]name)?[ '"]{0,2}(?:[<(\[{]?[^\s<>]{1,80}@[^\s<>]{1,80}[>)\]}]?[ ]?)?[:.,]?[ ]?
        (?:is[ ]|was[ ]|does[ ]|has[ ]|you[ ]entered[ ])?(?:possibly[ ]|currently[ ]|not[ ]a[ ])?
        (?:unknown|not[ ](?:be[ ])?(?:found|known|exist|exists|listed|recognized|recognised)|n[o']t[ ]exist|doesn'?t[ ]exist
          |does[ ]not[ ]exist|couldn'?t[ ]be[ ]found|could[ ]not[ ]be[ ]found|invalid(?![ ]or[ ]disabled)
          |nonexistent|non-existent|undeliverable|no[ ]longer[ ](?:valid|exists?|on[ ]server|available))
    |\b(?:unknown|no[ ]such|invalid|illegal|nonexistent|non-existent|unrouteable|unroutable|undefined|bad)
        [ ](?:or[ ](?:illegal|unknown|invalid)[ ])?(?:final[ ]delivery[ ]|local[ ]|virtual[ ]|email[ ]|e-mail[ ]|mail[ ]
        |destination[ ]|alias[ ])?(?:mailbox[ ])?
        (?:user(?:id|[ ]?name)?|recipient|mailbox|account|address|alias|person|inbox|addressee|local-part)\b
    |\bno[ ](?:valid[ ]|such[ ])?(?:mailbox|user|recipient|person|one|account|inbox|matching)s?[ ](?:here|by[ ]that|with[ ]that|found|exists?
        |in[ ]local|named|like)
    |no[ ]mailbox[ ]here|not[ ]our[ ]customer|not[ ]a[ ]valid[ ](?:mailbox|user|recipient|address|account)
    |recipient[ ]address[ ]rejected\.?$|550[ ]requested[ ]action[ ]not[ ]taken:[ ]mailbox[ ]unavailable
    |not[ ](?:listed|found)[ ]in[ ](?:domino|public|the|our)?[ ]?(?:directory|name[ ]&[ ]address[ ]book|address[ ]book)
    |recipnotfound|resolver\.adr\.(?!invalid|bad).{0,40}not[ ]?found|recipient[ ]name[ ]is[ ]not[ ]recognized|unknown[ ]recipient
    |unknown[ ](?:to[ ](?:this|our|address)|in[ ](?:local|virtual|relay)[ ])|is[ ]not[ ]known[ ](?:here|at)
    |no[ ]such[ ](?:user|address|recipient|email|account|mailbox|person)|user[ ]not[ ]known
    |address(?:ee)?[ ]unknown|unknown[ ](?:address|local[ ]?part)
    |(?:email|e-mail)?[ ]?(?:account|address|mailbox)[ ](?:that[ ]you[ ]tried[ ]to[ ]reach[ ])?(?:does[ ]not|doesn'?t)[ ]exist
    |recipient[ ]address[ ]rejected:[ ](?:access[ ]denied|undeliverable|user[ ]unknown|no[ ]such|invalid|unverified[ ]address:[ ].*unknown)
    |n'existe[ ]pas|existiert[ ]nicht|no[ ]existe|unbekannt|inconnue?
    |does[ ]not[ ]have[ ]a[ ]final[ ]email[ ]delivery[ ]point|no[ ]matches[ ]to[ ]nameserver
    |見つからない|リストにありません|存在しません|宛先不明
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_SUCH_HOST = re.compile(
    r"""
    \b(?:host|domain|destination|server)(?:[ ]name)?[ ](?:[^\s]{1,80}[ ])?(?:is[ ])?(?:unknown|not[ ]found(?![,]?[ ]try)|does[ ]not[ ]exist|doesn'?t[ ]exist
        |unreachable[ ]\(no|cannot[ ]be[ ]found)
    |\b(?:unknown|no[ ]such|bad)[ ](?:host|domain|destination[ ]system|mail[ ]domain)|host[ ]or[ ]domain[ ]name[ ]not[ ]found(?!.{0,80}try)
    |couldn'?t[ ]find[ ](?:any[ ]host|a[ ]mail[ ]exchanger)|name[ ]or[ ]service[ ]not[ ]known|nxdomain|no[ ](?:mx|dns)[ ]records?[ ](?:found|exist)
    |unrouteable[ ](?:mail[ ])?domain|illegal[ ]host/domain|all[ ]relevant[ ]mx[ ]records[ ]point[ ]to[ ]non-?existent
    |destination[ ]server[ ]not[ ]found|domain[ ](?:\S{1,80}[ ])?has[ ]no[ ](?:mx|mail)|dns[ ]error:?.{0,60}(?:nxdomain|domain[ ]name[ ]not[ ]found)
    |domain[ ]name[ ]not[ ]found|domain[ ]is[ ]not[ ]reachable|illegal[ ]host
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAKES_NO_MAIL = re.compile(
    r"indicated no smtp service|null ?mx|does(?: not|n'?t) (?:accept|receive) (?:any )?(?:e-?)?mail\b|domain .{0,80}not accept mail",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"procmail:|couldn'?t create|cannot open|command died|no space left|permission denied|i/o error", re.IGNORECASE
)
_WRAPPED = re.compile(r"^.{0,40}5\.\d\.\d - [^'\"]{0,60}?(?=\d{3}[ -]['\"])")
"""What Cisco's servers put before the reply that they got: `5.1.0 - Unknown address error 550-'…'`."""
_SURE = re.compile(r"delivery error: dd this user doesn'?t have an? ", re.IGNORECASE)
"""Said after the letter, and meant of the address all the same: Yahoo."""
_SWITCHED_OFF = re.compile(r"account is (?:disabled|suspended|inactive)", re.IGNORECASE)
_BY_RULE = re.compile(r"inbound-smtp\.[\w-]+\.amazonaws\.com", re.IGNORECASE)
"""Amazon's receiving service takes every letter; a rule of the receiver then answers in words of its own choice."""
_MOVED = re.compile(
    r"(?:has|have|had) moved|no forwarding address|user not local|not local; please try|has been replaced by"
    r"|(?:address|mailbox).{0,30}(?:changed|moved)",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"""
    \bfull\b|quota|exceed|too[ ](?:many|large|big|much|fast|long)|over[ ](?:the[ ]|its[ ]|disk[ ])?(?:limit|storage|size)|storage|disk[ ]space|insufficient
    |disabled|suspend|inactive|deactivat|discontinu|locked|on[ ]hold|not[ ]accepting|temporar
    |spam|virus|\bbl\?ip|black|blocked|blocklist|block[ ]list|reputation|rbl|dnsbl|denied(?!\.?[ ]*(?:as201|\[)?[^ ]*$)|banned|polic(?:y|ies)|dmarc|dkim|spf|unauthenticat
    |authenticat|not[ ]authori[sz]ed|permission|sender|mail[ ]from|return[ -]?path|from[ ]address|helo|ehlo|reverse|\bptr\b|rdns|relay(?!.{0,12}recipient)
    |content|attachment|size|malformed|header|mime|rfc|syntax
    |timed?[ ]?out|timeout|connection|network|tls|loop|hop|try[ ]again|later|expired|delayed|deferred|queue|rate|unavailable[ ]for
    |member[ ]of|members[ ]only|moderat|virus|infected|reject(?:ed)?[ ](?:by|for|due|because)|unsolicited|abuse|bulk|complain
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AT_RECIPIENT = re.compile(
    r"after rcpt|reply to rcpt|our rcpt|rcpt command|\[rcpt_to\]|not like recipient|rcpt to:? ?<[^>\n]*>:?\s|smtp:rcpt|following rcpt"
    r"|rejected recipient|>\.\.\. |sent <<< rcpt|by the server for the recipient|recipient address rejected",
    re.IGNORECASE,
)
_AT_DATA = re.compile(
    r"end of data|after i sent the message|\bfinal data\b|reply to (?:end of )?data|after data|text command"
    r"|smtp:data|\bcommand data\b|^data$|data send",
    re.IGNORECASE | re.MULTILINE,
)
_NEED_RECIPIENT = re.compile(r"need rcpt|no valid recipients", re.IGNORECASE)
"""What a server says to the DATA that was sent along with the RCPT that it refused."""
_TRANSCRIPT = re.compile(r"^[ \t>]*>>> (\w{4})[^\n]*\n[ \t>]*<<< 5", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is known of a refusal: `status` is the report's own enhanced code (empty where it has none), `words` what
    the other server said, on any number of lines, `around` what the reporting server says of it."""

    status: str = ""
    words: str = ""
    around: str = ""
    reporter: str = ""
    fields: bool = False


def is_dead(refusal: Refusal) -> bool:
    """Whether the refusal says that the address is dead. The words weigh more than the code, and the code of the server
    that refused more than the one that its messenger put on top."""
    words = _WRAPPED.sub("", " ".join(refusal.words.split()))
    code = _telling_code(words) or _telling_code(refusal.status)
    if _is_temporary(words, code) or refusal.status.startswith("4") or _BROKEN.search(words):
        return False
    if _SWITCHED_OFF.search(refusal.around) or _BY_RULE.search(refusal.reporter):
        return False
    if _SURE.search(words) or _TAKES_NO_MAIL.search(words) or _MOVED.search(words):
        return True
    said = _NO_SUCH_USER.search(words) is not None
    if code in _DEAD_CODES:
        return said or not _SOMETHING_ELSE.search(_without_addresses(words))
    if _NO_SUCH_HOST.search(words):
        return code.split(".")[1:2] not in (["7"], ["2"])
    return said and _is_about_the_address(refusal, words)


def _is_about_the_address(refusal: Refusal, words: str) -> bool:
    """Whether bare words, without a code that says the same, were said of the address. A server that takes the address
    first and refuses the letter refuses what it has read; where it is not known when it said so, the reader stays."""
    moment = _moment(f"{refusal.around}\n{refusal.words}")
    if moment:
        return moment == "rcpt"
    return bool(_telling_code(words) or _telling_code(refusal.status)) or not refusal.status and (refusal.fields or not _REPLY.search(words))


def _moment(text: str) -> str:
    """The command that was refused: `rcpt`, `data`, or nothing where that is not told."""
    if _NEED_RECIPIENT.search(text):
        return "rcpt"
    transcript = _TRANSCRIPT.search(text)
    if transcript:
        return transcript[1].lower()
    line = " ".join(text.split())
    if _AT_DATA.search(line):
        return "data"
    return "rcpt" if _AT_RECIPIENT.search(line) else ""


def _telling_code(text: str) -> str:
    """The first enhanced code that says more than that something went wrong (x.0.0)."""
    return next((match[0] for match in _CODE.finditer(text) if match[2] != "0"), "")


def _is_temporary(words: str, code: str) -> bool:
    if code:
        return code.startswith("4")
    first = _REPLY.search(words)
    return first is not None and first[1].startswith("4")


def _without_addresses(words: str) -> str:
    return re.sub(r"\S+@\S+", " ", words)
