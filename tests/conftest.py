"""What holds for all tests."""

import pytest
from hypothesis import settings

# No test is to fail because the machine is busy.
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")

# Where every change is checked, each run tries fewer examples, and other ones: `--hypothesis-profile=brief`.
settings.register_profile("brief", settings.get_profile("unhurried"), max_examples=40)

_LONG = (
    "tests/acceptance/test_the_wild.py",
    "tests/acceptance/test_wild_issues.py",
    "tests/crash/",
    "tests/acceptance/test_postfix.py",
    "tests/acceptance/test_wordpress",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests begin first: at the end of a run no processor is to wait for one that began last."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))
