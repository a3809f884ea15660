"""Timings, as ratios measured in one run: `make bench`. Nothing here is a test and nothing asserts a time."""
