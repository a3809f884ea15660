"""The reading of a mailbox, in a process that kills itself at a step of its work: `fork(__name__, …)`."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from digest.office.returning import Returning
from digest.record.store import Store
from tests.contract.returns.doors import office_of, settings_of
from tests.crash.steps import Step
from tests.crash.victim import arm


def main() -> None:
    """Takes the store's address, a file with the settings of the mailbox, and the step: its module, its name, whether
    before or after it, and how often."""
    store_url, path, module, name, when, nth = sys.argv[1:]
    returns = pickle.loads(Path(path).read_bytes())
    arm(Step(module, name, when == "after"), int(nth))
    with Store.open(store_url) as store:
        office = office_of(store)
        Returning(settings_of(office, returns), store, office.clock).read()
