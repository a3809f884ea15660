"""Closing Arguments: a newsroom's week, gathered from its feeds and sent as one good email."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("closing-arguments")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"
