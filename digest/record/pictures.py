"""What is known of pictures that were fetched: a row for each crop, which names its print or says why it has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from digest.model.pictures import Crop, Developed, KnownPicture, Print
from digest.record.database import Database
from digest.record.schema import picture

_CHUNK = 500


class Pictures:
    """The pictures of the store. Their files lie on the shelf."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, addresses: Iterable[str]) -> dict[str, KnownPicture]:
        """What is known of these addresses; one that was never asked for is missing."""
        wanted = sorted(set(addresses))
        found: dict[str, KnownPicture] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _CHUNK):
                chunk = picture.c.address.in_(wanted[start : start + _CHUNK])
                rows = connection.execute(select(picture).where(chunk).order_by(picture.c.address)).all()
                found |= {address: _known(address, list(of_one)) for address, of_one in groupby(rows, _address)}
        return found

    def keep(self, address: str, developed: Developed, *, now: datetime) -> None:
        """Keeps what a picture came to, in place of what was known. The prints' files must be on the shelf."""
        self._replace(address, [_row(address, crop, developed, now) for crop in Crop])

    def refuse(self, address: str, reason: str, *, now: datetime) -> None:
        """Keeps why a picture could not be had. It is asked for again for the next issue."""
        rows = [
            {"address": address, "crop": crop.value, "asked_at": now, "reason": reason, "passing": True}
            for crop in Crop
        ]
        self._replace(address, rows)

    def forget_passing(self) -> None:
        """Forgets the pictures that could not be had, so that they are asked for again."""
        with self._database.writing() as connection:
            connection.execute(delete(picture).where(picture.c.passing))

    def forget(self, *, before: datetime) -> frozenset[str]:
        """Forgets what was asked for before then. Gives the files that no row names any more."""
        old = picture.c.asked_at < before
        with self._database.writing() as connection:
            names = set(connection.execute(select(picture.c.name).where(old, picture.c.name != "")).scalars())
            connection.execute(delete(picture).where(old))
            still = set(connection.execute(select(picture.c.name).where(picture.c.name != "")).scalars())
        return frozenset(names - still)

    def _replace(self, address: str, rows: list[dict[str, Any]]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(picture).where(picture.c.address == address))
            for row in rows:
                connection.execute(insert(picture).values(row))


def _address(row: Row[Any]) -> str:
    return str(row.address)


def _row(address: str, crop: Crop, developed: Developed, now: datetime) -> dict[str, Any]:
    made = developed.prints.get(crop)
    return {
        "address": address,
        "crop": crop.value,
        "name": made.name if made else "",
        "kind": developed.kind,
        "original_width": developed.width,
        "original_height": developed.height,
        "width": made.width if made else 0,
        "height": made.height if made else 0,
        "bytes": made.size if made else 0,
        "asked_at": now,
        "reason": "" if made else developed.refused or developed.reasons.get(crop, ""),
        "passing": False,
    }


def _known(address: str, rows: list[Row[Any]]) -> KnownPicture:
    first = rows[0]
    prints: Mapping[Crop, Print] = {
        Crop(row.crop): Print(name=row.name, width=row.width, height=row.height, size=row.bytes)
        for row in rows
        if row.name
    }
    return KnownPicture(
        address=address,
        kind=first.kind,
        width=first.original_width,
        height=first.original_height,
        prints=prints,
        reasons={Crop(row.crop): row.reason for row in rows if not row.name},
        passing=first.passing,
    )
