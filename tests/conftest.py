"""What holds for all tests."""

from hypothesis import settings

# No test is to fail because the machine is busy.
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")

# Where every change is checked, each run tries fewer examples, and other ones: `--hypothesis-profile=brief`.
settings.register_profile("brief", settings.get_profile("unhurried"), max_examples=40)
