"""`python -m tests.api`: many requests to the sign-up for programs, and what is wrong with the answers."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.trying import served, tried

_EXAMPLES = 500

if __name__ == "__main__":
    with TemporaryDirectory() as folder, served(Path(folder)) as (_, place):
        seed = random.randrange(1 << 32)
        found = tried(place, Path(folder), examples=_EXAMPLES, phases="examples,coverage,fuzzing", seed=seed)
    print(found.stdout, found.stderr)
    sys.exit(found.returncode)
