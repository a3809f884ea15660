"""A line to a local Resend, for the tests of what it writes and of what it makes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from digest.deliver.resend import ResendProvider
from digest.deliver.seam import Line
from digest.model import Batch, Delivery, Letter
from digest.settings import Resend
from tests.contract.deliver.deliveries import keyed
from tests.contract.deliver.gates import OpenGate
from tests.unit.deliver.correspondence import campaign, letter

KEY = "re_a_key_of_the_tests"
ANA = letter()


def provider(address: str, **changes: Any) -> ResendProvider:
    return ResendProvider(replace(Resend(api_key=KEY, address=address, timeout=5), **changes))


def send(line: Line, written: Sequence[Letter] = (ANA,), reference: str = "", **changes: Any) -> Delivery:
    batch = Batch(number=1, letters=keyed(written), reference=reference or line.reserve())
    return line.send(campaign(**changes), batch, OpenGate())
