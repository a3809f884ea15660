"""Closing Arguments: a newsroom's week, gathered from its feeds and sent as one good email."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: to find it takes longer than all of `--help`."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("closing-arguments")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+unknown"
