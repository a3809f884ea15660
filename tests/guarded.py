"""A server of several processes, which ends with whoever started it, in whatever way that ends."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

# Whoever holds the other end of its input may end in any way: then the input ends, and the server with it.
_WHILE_THERE_IS_INPUT = '"$@" & read -r _; kill $!; wait'


class Guarded:
    """Its first process is started in `__enter__` by `_begin`, and takes all others along when it ends."""

    _process: subprocess.Popen[bytes]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _begin(self, *command: str | Path, **options: Any) -> None:
        """Starts it, and waits until it listens."""
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _WHILE_THERE_IS_INPUT, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,
        )
        try:
            self._wait_until_it_listens()
        except BaseException:
            self._stop()
            raise

    def _wait_until_it_listens(self) -> None:
        raise NotImplementedError

    def _stop(self) -> None:
        self._process.communicate(timeout=30)
