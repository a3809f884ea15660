"""The outbox: a provider that writes letters as `.eml` files, which any mail program opens."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from digest.deliver.letters import letter_key
from digest.deliver.mailbox import BadAddress
from digest.deliver.message import MessageTemplate
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.receipts import nothing_left, one_by_one, receipt
from digest.errors import ConfigurationError
from digest.model import Campaign, Delivery, Fate, Letter, Receipt


class Outbox:
    """Writes each letter to `folder/<issue>/<key of its Message-ID>.eml`; the same letter again replaces itself."""

    name = "outbox"
    readers_per_call = 100

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates = OncePerCampaign(MessageTemplate.of)

    def send(self, campaign: Campaign, letters: Sequence[Letter]) -> Delivery:
        """Writes the letters. What cannot be written, and all that come after it, are unsent."""
        folder = self._folder / campaign.rendered.issue
        try:
            template = self._templates.of(campaign)
            folder.mkdir(parents=True, exist_ok=True)
            delivery = one_by_one(letters, lambda letter: _keep(folder, template, letter))
            _sync(folder)
        except ConfigurationError as error:
            return nothing_left(letters, str(error))
        except OSError as error:
            return nothing_left(letters, _cannot_write(folder, error))
        return delivery

    def close(self) -> None:
        """Nothing is held open."""


def write_samples(folder: Path, campaign: Campaign, letters: Sequence[Letter]) -> tuple[Path, ...]:
    """Writes the letters to `folder` as `<issue>-1.eml` and so on, as they would be sent. Raises ConfigurationError.

    A letter that could not be sent, because its address cannot be written, is left out.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write(folder / f"{campaign.rendered.issue}-{number}.eml", message)
            for number, message in enumerate(_messages(campaign, letters), start=1)
        )
    except OSError as error:
        raise ConfigurationError(_cannot_write(folder, error), hint="check delivery.outbox") from error


def _messages(campaign: Campaign, letters: Sequence[Letter]) -> Iterator[bytes]:
    template = MessageTemplate.of(campaign)
    for letter in letters:
        with suppress(BadAddress):
            yield template.message(letter)


def _keep(folder: Path, template: MessageTemplate, letter: Letter) -> tuple[Receipt, str]:
    """One letter's receipt, and why nothing more can be written, if so."""
    try:
        path = _write(folder / f"{_file_name(letter.message_id)}.eml", template.message(letter))
    except BadAddress as error:
        return receipt(letter, Fate.REFUSED, str(error)), ""
    except OSError as error:
        why = _cannot_write(folder, error)
        return receipt(letter, Fate.UNSENT, why), why
    return receipt(letter, Fate.ACCEPTED, provider_id=f"{folder.name}/{path.name}"), ""


def _file_name(message_id: str) -> str:
    """The letter's key where it is one; of anything else a digest, so that no two letters share a file."""
    key = letter_key(message_id)
    return key if re.fullmatch("[0-9a-f]{8,64}", key) else blake2b(message_id.encode(), digest_size=12).hexdigest()


def _write(path: Path, message: bytes) -> Path:
    """Writes the whole file or none of it, also if the machine stops half-way."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(handle)
        return Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """Makes the names in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(folder: Path, error: OSError) -> str:
    return f"cannot write letters to {folder}: {error.strerror or error}"
