"""Bounces in words: what mail servers write that keep to no standard. Rules go by families of servers.

A mail is a bounce only when its sender is a machine for such mails, or it comes from nobody, and its words say that
a letter was not delivered. Then the addresses are looked for where the families put them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model.readers import EventKind
from digest.model.returns import Fate
from digest.returns.addresses import ADDRESS, addresses_in, clean
from digest.returns.library import failures
from digest.returns.opened import Fields, Opened, groups_in
from digest.returns.verdict import Refusal, is_dead

_MACHINE = re.compile(
    r"mailer[-_.]?daemon|post[-_]?master|mail[-_. ]?deliver|mail administrator|delivery (?:sub)?system|system administrator|mdaemon@"
    r"|mailadm|antivirus|no-?reply@|\bndr@",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non-?deliver|not (?:be )?delivered|failure notice|fail(?:ed|ure) mail|mail (?:delivery )?fail|delivery (?:has )?fail|delivery (?:status|problem|report|notif)"
    r"|returned mail|returning (?:message )?to sender|message (?:delivery )?(?:failure|delayed)|delivery failure|could not be delivered|mail not delivered"
    r"|warning: (?:message|could not send)|error sending your mail|processing error|mail system error|user unknown|rejected mail|has failed|are not (?:an? )?member",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?:could|can|was|were|been|be|has|have) ?not (?:yet )?(?:be(?:en)? )?(?:delivered|reach|deliver|pu etre delivre)|(?:un)?able to deliver"
    r"|did not (?:reach|receive)|undeliver(?:able|ed)|failed permanently|deli?e?very to the following|permanent (?:fatal )?error|delivery (?:to|has|attempt)[^.\n]{0,60}fail"
    r"|error(?: has)?(?: occurred)?(?: while)?(?: trying| attempting)? (?:to )?deliver|has been delayed|message is delayed|following address(?:es|\(es\))? (?:had|failed)"
    r"|transcript of (?:the )?session|not (?:be )?able to deliver|delivery problems|invalid (?:final delivery )?user|returned because|not delivered to|could not be accepted"
    r"|rejected by a remote|trouble delivering|failed addresses follow|failure reasons|incorrectly constructed|no such user|unknown user|been returned"
    r"|delivery fail|did not like our|送信できません|not an? member|was (?:automatically )?rejected:|failed \d+ attempts|may not exist, or you may not",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"warning message only|has not yet been delivered|not need to re-?send|delivery attempts will continue|message is delayed|has been delayed"
    r"|will (?:be retried|continue)|only a temporary failure|still (?:trying|awaiting delivery)|\bdelayed \d+ ",
    re.IGNORECASE,
)
_END_OF_PROSE = re.compile(
    r"""(?imx)^\W*(?:
    (?:the[ ]|your[ ])?(?:original|returned|unsent|forwarded|old)[ ](?:message|mail)(?:[ ](?:info|follows|headers?|below|attached|text|\(max).*)?\W*$
    |this[ ]is[ ]a[ ]copy[ ]of[ ](?:the|your)[ ]message|below[ ](?:this[ ]line[ ])?is[ ](?:a[ ]copy|the[ ]original)|(?:the[ ])?headers?[ ]of[ ]the[ ]original
    |here[ ]is[ ](?:a|the)[ ](?:copy|header)|(?:included|enclosed)[ ]is[ ]a[ ]copy|message[ ](?:headers|text)[ ]follow|start[ ]of[ ]returned
    |a[ ]summary[ ]of[ ]the[ ]undelivered|your[ ]message[ ]reads|the[ ]following[ ]is[ ]a[ ]copy
    |(?:return-path|received)[ ]?:[ ]?\S).*$"""
)
_HOLDS_A_LINE = rf"[ \t>*\-\"'<\[(]*(?:smtp:|mailto:)?(?P<address>{ADDRESS})[>\"'\])]*"
_ALONE = re.compile(
    rf"^(?:[45]\d\d (?:[45]\.\d\.\d+ )?)?{_HOLDS_A_LINE}[ \t]*(?:<[^<>\s]*@[^<>\s]*>|<mailto:[^<>\s]*>)?[ \t]*"
    r"(?:[:.;]|$|[\[(;]|\.\.\. | - | on \w\w\w, | invalid | error,| +delivery failed)",
    re.IGNORECASE,
)
_TRANSCRIPT = re.compile(r"transcript of (?:the )?session", re.IGNORECASE)
_REPLIED = re.compile(r"[45]\d\d ")
_NAMED = re.compile(
    rf"(?:recipient(?: address)?|original(?:ly addressed to| address)?|undeliverable address|intended recipient|mailing list|address(?:ed)?(?: to)?|unknown user|user(?:id)?"
    rf"|deliver(?:ed|y|ing)?(?: your (?:mail|message))?(?: failed| message)?(?: \d+ attempts)?(?: to| fails?)?|undeliverable(?: *to)?|your message to|failed \d+ attempts|rejected recipient"
    rf"|(?:was |were )?addressed to|rcpt to|reached? the following recipient|for|address)(?:\s?[:=]\s*|\s+|(?=[<\"'(\[]))[\[<\"'(]*(?:smtp:)?(?P<address>{ADDRESS})",
    re.IGNORECASE,
)
_OURS = re.compile(r"^(?:post[-_]?master|mailer-daemon|mail-daemon|abuse|support|hostmaster|webmaster|help)@", re.IGNORECASE)
_ADDRESSES_AT_MOST = 50


def is_bounce(mail: Opened) -> bool:
    """Whether the mail says, as servers do, that a letter was not delivered."""
    if "x-failed-recipients" in mail.headers:
        return True
    words = spoken(mail)
    from_a_machine = bool(_MACHINE.search(f"{mail.headers.get('from', '')} {mail.headers.get('return-path', '')}")) or _from_nobody(mail)
    subject = bool(_SUBJECT.search(mail.headers.get("subject", "")))
    said = bool(_SAID.search(words))
    return said and (from_a_machine or subject)


def fates_in_prose(mail: Opened) -> tuple[Fate, ...]:
    """What the mail tells of each address, each once."""
    words = spoken(mail)
    delayed = _DELAYED.search(f"{mail.headers.get('subject', '')}\n{words}") is not None
    return tuple(_fate(address, said, words, delayed) for address, said in _told(mail, words).items())


def spoken(mail: Opened) -> str:
    """The server's own words, without what it returns."""
    return _END_OF_PROSE.split(mail.prose, maxsplit=1)[0]


def _from_nobody(mail: Opened) -> bool:
    return mail.headers.get("return-path", "?").strip() in {"<>", ""}


def _told(mail: Opened, words: str) -> dict[str, str]:
    """Each address with what is said of it."""
    told = told_by_address(words)
    if len(told) == 1:
        told = dict.fromkeys(told, words)
    if named := addresses_in(mail.headers.get("x-failed-recipients", "")):
        return {address: told.get(address, words) for address in named}
    shunned = {*addresses_in(f"{mail.headers.get('to', '')} {mail.headers.get('from', '')}")}
    wanted = {address: said for address, said in told.items() if address not in shunned and not _OURS.match(address)}
    if wanted:
        return wanted
    spoken_of = words.lower()
    if found := [address for address in failures(mail.message) if address.partition("@")[0] in spoken_of]:
        return dict.fromkeys(found, words)
    if told or not _TRANSCRIPT.search(words):
        return told
    return {address: words for address in addresses_in(_original(mail).get("to", ""))[:1]}


def _original(mail: Opened) -> Fields:
    """The headers of the letter that comes back, where it stands in the text as well."""
    if mail.original:
        return mail.original
    parts = _END_OF_PROSE.split(mail.prose, maxsplit=1)
    return next((group for group in groups_in(parts[-1]) if "to" in group), {}) if len(parts) > 1 else {}


def told_by_address(words: str) -> dict[str, str]:
    """What a server says of each address, in its words."""
    told: dict[str, str] = {}
    marks = list(_marks(words))[:_ADDRESSES_AT_MOST]
    for number, (start, address) in enumerate(marks):
        end = next((later for later, other in marks[number + 1 :] if other != address), len(words))
        said = words[start:end]
        if _REPLIED.match(said):  # of sendmail: each line is whole
            said = said.partition("\n")[0]
        told[address] = f"{told.get(address, '')}\n{said}".strip()
    return told


def _marks(words: str) -> Iterator[tuple[int, str]]:
    """Where the text comes to speak of an address: a line that begins with it, or else a phrase that names it."""
    alone = [(start, clean(match["address"])) for start, line in _lines(words) if (match := _ALONE.match(line))]
    if alone:
        yield from alone
        return
    for match in _NAMED.finditer(words):
        yield match.start(), clean(match["address"])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) + 1


def _fate(address: str, said: str, words: str, delayed: bool) -> Fate:
    if delayed:
        kind = EventKind.DEFERRED
    else:
        kind = EventKind.HARD_BOUNCE if is_dead(Refusal(words=said, around=said)) else EventKind.SOFT_BOUNCE
    return Fate(address=address, kind=kind, words=" ".join(said.split()))
