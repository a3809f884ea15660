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
from digest.deliver.receipts import all_with, nothing_left, receipt
from digest.deliver.seam import Abilities, Gate, HoldsNothing
from digest.errors import ConfigurationError
from digest.model import Answer, Batch, Campaign, Delivery, Letter, Receipt


class Outbox(HoldsNothing):
    """Writes each letter to `folder/<issue>/<key of its Message-ID>.eml`; the same letter again replaces itself."""

    name = "outbox"

    def __init__(self, folder: Path) -> None:
        self.abilities = Abilities(readers_per_call=100, repeatable=True)
        self._folder = folder
        self._templates = OncePerCampaign(MessageTemplate.of)

    def check(self, campaign: Campaign) -> None:
        """Raises ConfigurationError for a campaign whose headers cannot be written."""
        self._templates.of(campaign)

    def line(self) -> OutboxLine:
        """The way into the folder."""
        return OutboxLine(self._folder, self._templates)


class OutboxLine:
    """Writes batches into the folder, each letter whole and durable before it counts as taken."""

    def __init__(self, folder: Path, templates: OncePerCampaign[MessageTemplate]) -> None:
        self._folder = folder
        self._templates = templates

    def reserve(self) -> str:
        """Files need no reference: the same letter has the same name."""
        return ""

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        """Writes the letters. What cannot be written, and all that come after it, are unsent. Asks no gate."""
        folder = self._folder / campaign.rendered.issue
        try:
            template = self._templates.of(campaign)
            folder.mkdir(parents=True, exist_ok=True)
            delivery = _kept(folder, template, batch.letters)
            _sync(folder)
            _sync(folder.parent)
        except ConfigurationError as error:
            return nothing_left(batch.letters, stopped=str(error))
        except OSError as error:
            return nothing_left(batch.letters, stopped=_cannot_write(folder, error))
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


def _kept(folder: Path, template: MessageTemplate, letters: Sequence[Letter]) -> Delivery:
    """Keeps letter after letter, until one cannot be written: then none can."""
    receipts: list[Receipt] = []
    for letter in letters:
        try:
            receipts.append(_keep(folder, template, letter))
        except OSError as error:
            rest = all_with(letters[len(receipts) :], Answer.UNSENT)
            return Delivery(receipts=(*receipts, *rest), stopped=_cannot_write(folder, error))
    return Delivery(receipts=tuple(receipts))


def _keep(folder: Path, template: MessageTemplate, letter: Letter) -> Receipt:
    try:
        path = _write(folder / f"{_file_name(letter.message_id)}.eml", template.message(letter))
    except BadAddress as error:
        return receipt(letter, Answer.NOT_TAKEN, str(error))
    return receipt(letter, Answer.TAKEN, provider_id=f"{folder.name}/{path.name}")


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
