"""The publication's configuration: digest.toml and the environment, checked at the door. Nobody else reads either.

Importing this is cheap: the checking library is loaded by the first `load`.
"""

from digest.config.load import find_configuration, load, load_with_warnings
from digest.config.starter import write_starter

__all__ = ["find_configuration", "load", "load_with_warnings", "write_starter"]
