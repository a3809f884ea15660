"""What holds for all tests."""

from hypothesis import settings

# No test is to fail because the machine is busy.
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")
