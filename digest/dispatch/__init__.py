"""The dispatch room: it takes claimed letters to a provider and brings the receipts back, on several lanes at once.

    sender   enters, settles what the dead left behind, opens the lanes, watches them, leaves
    lane     a thread with a line to the provider: claim, deliver, settle, and again
    desk     what a lane asks: the next batch, and where to put what became of the last one
    gate     stands before each letter: journal, pace, and whether it may go at all
    shift    what all of these share: whether to go on, until when the lease holds, and why it ended
    orphans  batches whose fate nobody waited for: read from a journal, called back, or repeated
    judge    from a receipt to a line in the ledger: pure

It is the one place, beside the pipeline, where the deliver room and the record room meet.
"""
