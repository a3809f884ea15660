"""Output that nobody reads any more must not stop the work: `digest run | head -1` still sends the whole issue."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


class PatientOutput(io.TextIOWrapper):
    """Standard output that goes on into nothing when its reader has gone."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def patient(stream: TextIO) -> TextIO:
    """`stream` with patience, or as it is where it is no stream of the system (in a test, say)."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    encoding, errors, by_line = stream.encoding, stream.errors, stream.line_buffering
    return PatientOutput(stream.detach(), encoding=encoding, errors=errors, line_buffering=by_line)


def be_patient() -> None:
    """Gives standard output and standard error patience."""
    sys.stdout, sys.stderr = patient(sys.stdout), patient(sys.stderr)
