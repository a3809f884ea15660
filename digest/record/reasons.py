"""Why readers left: kept with their suppression and in the record of consent, within a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from digest.model.readers import Act, Ground, WhyLeft
from digest.record.schema import consent, subscriber, suppression


def keep(connection: Connection, number: int, why: WhyLeft) -> bool:
    """Of somebody who has left. Who says it again replaces it. False for everybody else."""
    address = select(subscriber.c.address).where(subscriber.c.key == number).scalar_subquery()
    left = (suppression.c.address == address) & (suppression.c.ground == Ground.UNSUBSCRIBED)
    if not connection.execute(update(suppression).where(left).values(reason=why.value)).rowcount:
        return False
    last = select(func.max(consent.c.key)).where(consent.c.subscriber == number, consent.c.act == Act.LEFT.value)
    connection.execute(update(consent).where(consent.c.key == last.scalar_subquery()).values(words=why.value))
    return True
