"""Parsing on more than one processor: feedparser holds Python's lock, so a second process does what a thread cannot.

A worker is this program once more, spoken to through pipes. It is started when there is more to parse than its start
costs, and whatever it does not answer is parsed here.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import BinaryIO, Protocol

from digest.errors import SourceUnreadable
from digest.sources.entries import Feed
from digest.sources.feeds.parse import parse_feed

ALONE = 400_000
"""Bytes that are parsed here before a worker is started: about half a second's work, as much as its start."""

_CODE = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from digest.sources.feeds.workers import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)


class Parse(Protocol):
    """Parses one feed, as `parse_feed` does."""

    def __call__(self, body: bytes, *, source: str, address: str = "", content_type: str = "") -> Feed: ...


class Parsers:
    """Parses feeds, from as many threads as one likes, on every processor but one and here."""

    def __init__(self, *, workers: int | None = None, alone: int = ALONE) -> None:
        self._most = max(0, (os.cpu_count() or 1) - 1) if workers is None else workers
        self._alone = alone
        self._started: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._parsed = 0

    def parse(self, body: bytes, *, source: str, address: str = "", content_type: str = "") -> Feed:
        """The feed in these bytes, as `parse_feed` gives it. Raises SourceUnreadable."""
        worker = self._free_worker(len(body))
        if worker is None:
            return parse_feed(body, source=source, address=address, content_type=content_type)
        try:
            answer = worker.ask((body, source, address, content_type))
        except (OSError, EOFError, pickle.UnpicklingError):
            worker.close()  # it is not asked again
            return parse_feed(body, source=source, address=address, content_type=content_type)
        self._idle.put(worker)
        if isinstance(answer, Feed):
            return answer
        raise SourceUnreadable(answer[0], hint=answer[1])

    def close(self) -> None:
        """Ends the workers."""
        for worker in self._started:
            worker.close()

    def _free_worker(self, size: int) -> _Worker | None:
        with self._lock:
            self._parsed += size
            if self._parsed > self._alone and len(self._started) < self._most:
                self._start()
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return None

    def _start(self) -> None:
        try:
            worker = _Worker()
        except OSError:
            self._most = 0  # no process is to be had: everything is parsed here
            return
        self._started.append(worker)
        self._idle.put(worker)


class _Worker:
    """One process, asked by one thread at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _CODE]
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._send(sys.path)

    def ask(self, question: object) -> Feed | tuple[str, str]:
        """Its answer. Raises OSError, EOFError or UnpicklingError when it is gone."""
        self._send(question)
        assert self._process.stdout
        answer: Feed | tuple[str, str] = pickle.load(self._process.stdout)  # noqa: S301 - our own process wrote it
        return answer

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()

    def _send(self, value: object) -> None:
        assert self._process.stdin
        pickle.dump(value, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Parses what is asked until nobody asks any more."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            body, source, address, content_type = pickle.load(questions)  # noqa: S301 - our own process wrote it
            pickle.dump(_answer(body, source, address, content_type), answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _answer(body: bytes, source: str, address: str, content_type: str) -> Feed | tuple[str, str]:
    try:
        return parse_feed(body, source=source, address=address, content_type=content_type)
    except SourceUnreadable as error:
        return str(error), error.hint
