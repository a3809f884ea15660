"""Whether the settings of an account at an API can work, before anything is sent. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from digest.deliver.loopback import is_loopback
from digest.errors import ConfigurationError


def check_account(
    table: str,
    *,
    api_key: str,
    variable: str,
    address: str,
    address_hint: str,
    readers_per_request: int,
    most_readers: int,
) -> None:
    """Raises ConfigurationError, with what to do. `table` is the one in digest.toml; `variable` holds the key."""
    _check_key(table, api_key, variable)
    if not 1 <= readers_per_request <= most_readers:
        raise ConfigurationError(
            f"{table}.readers_per_request = {readers_per_request} is out of range",
            hint=f"write a number from 1 to {most_readers}",
        )
    if not _is_safe(address):
        raise ConfigurationError(f"{table}.address = {address!r} is not an https address", hint=address_hint)


def _check_key(table: str, key: str, variable: str) -> None:
    if not key:
        raise ConfigurationError(f"{table}.api_key is not set", hint=f"put a key that may send mail into {variable}")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(f"{table}.api_key holds characters that no key has", hint="copy the key again")


def _is_safe(address: str) -> bool:
    """The key goes there: nothing but https will do, except to this machine itself."""
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        return False
    return valid and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")))
