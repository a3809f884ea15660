"""A sender's mailbox: a name and one address."""

from __future__ import annotations

import re
from email.utils import quote, unquote

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class BadMailbox(ValueError):
    """Not one mailbox; the text says why."""


def canonical_mailbox(text: str) -> str:
    """`Name <user@host>`, the name in quotation marks where mail wants them (RFC 5322, section 3.4) and the host in
    ASCII. Raises BadMailbox."""
    if _CONTROL.search(text):
        raise BadMailbox("it must stand in one line")
    named = _NAMED.fullmatch(text.strip())
    if not named:
        return _bare(text)
    name, address = _unquoted(named["name"].strip()), _bare(named["address"])
    if not name:
        return address
    return f"{name} <{address}>" if _PLAIN.fullmatch(name) else f'"{quote(name)}" <{address}>'


def bare_address(mailbox: str) -> str:
    """The address of a canonical mailbox."""
    return mailbox.rpartition("<")[2].removesuffix(">")


def _unquoted(name: str) -> str:
    if _QUOTED.fullmatch(name):
        return " ".join(unquote(name).split())
    if "@" in name or '"' in name:
        raise BadMailbox("not one mailbox")
    return " ".join(name.split())


def _bare(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(address.strip(), allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        words = str(error)
        raise BadMailbox(
            f"not one mailbox with an address ({words[:1].lower()}{words[1:].removesuffix('.')})"
        ) from None
    if valid.ascii_email is None or "." not in valid.ascii_email.rpartition("@")[2]:
        raise BadMailbox("its address has no whole domain")
    return valid.ascii_email
