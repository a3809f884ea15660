"""The audience: the list of subscribers goes in, whatever spreadsheet wrote it; rows come out, each judged by itself.

    subscribers.csv ──► LINES ──► RECORDS ──► TABLE ──► ROSTER ──► RosterRow
                        text       cells       header    readers, and rows left out

`roster.stream_roster` is the way in. What only other rows tell (an address that stands twice, or is refused elsewhere)
is found where they come together, in the record room. The rest is steps of that line:

    encoding          which letters the bytes are
    columns, words    which column holds what, by the names that spreadsheets and services give it
    addresses         one spelling for one mailbox, and what is none
    zones             the time zone that a reader names

Beside it stands `bounces`: which refusals say that an address is dead. Nothing is imported here.
"""
