"""Whether a publication is ready to write to its readers: its domain, its pages, its provider, its machine.

Judges are pure: what was found out goes in, diagnoses come out. Names and hosts are asked at the edge, in `names.py`,
`hosts.py`, `mailbox.py` and `machine.py`.
"""
