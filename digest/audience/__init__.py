"""Who gets the letter: reads the list of subscribers, whatever spreadsheet wrote it, and takes out who said no."""

from digest.audience.addresses import BadAddress, normalise
from digest.audience.roster import read_roster
from digest.audience.table import Table, read_table

__all__ = ["BadAddress", "Table", "normalise", "read_roster", "read_table"]
