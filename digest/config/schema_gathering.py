"""What digest.toml may say of gathering: sources, how sites are asked, and pictures."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.config import kinds
from digest.config.kinds import Table


class SourceTable(Table):
    name: kinds.Line = Field(
        default="", description="The source's name in reports; its host or file when it is not given."
    )
    feed: kinds.Feed = Field(default="", description="The address of a feed, or the path of a file.")
    wordpress: kinds.WebAddress = Field(
        default="", description="In place of a feed: the address of a WordPress site, read through its REST interface."
    )
    sitemap: kinds.Feed = Field(default="", description="In place of a feed: the address of a news sitemap.")
    pages: kinds.Names = Field(
        default_factory=list, description="In place of a feed: addresses of single stories, or saved pages."
    )
    rest: bool = Field(
        default=True, description="Whether a feed of WordPress may be read through its site's REST interface."
    )


class FetchTable(Table):
    timeout: kinds.Positive = Field(default=20.0, description="Seconds to wait for a feed.")
    max_bytes: kinds.AtLeastOne = Field(default=32 * 1024 * 1024, description="Bytes of a feed at most, unpacked.")
    at_once: Annotated[int, Field(ge=1, le=64)] = Field(default=8, description="Sources read at the same time.")
    pause: Annotated[float, Field(ge=0, le=60)] = Field(
        default=0.25, description="Seconds between two requests to the same host."
    )
    deadline: kinds.Positive = Field(default=300.0, description="Seconds that one gather may take in all.")
    private: kinds.Names = Field(
        default_factory=list,
        description="Hosts, IP addresses or networks that may be asked although they are not public.",
    )
    every: kinds.Every = Field(
        default=60, description="Minutes between two gathers of the schedule; 0 to gather for each issue alone."
    )
    most_pages: kinds.AtLeastOne = Field(default=60, description="Pages of one source's past that are read at most.")
    articles: bool = Field(
        default=True, description="Whether stories' own pages are asked for what their feeds leave out."
    )
    contact: kinds.Line = Field(
        default="", description="The address at which sites can complain about us; the sender's when it is not given."
    )


class PicturesTable(Table):
    keep: bool = Field(default=True, description="Whether stories' pictures are fetched, cut and kept with the issue.")
    from_: kinds.PicturesFrom = Field(
        alias="from",
        default="original",
        description="Where letters show them from: original, archive, or the address at which the folder is served.",
    )
    folder: kinds.PathText = Field(default="", description="The folder for that address; pictures are copied into it.")
    licensed: kinds.Agencies = Field(
        default_factory=list, description='Agencies whose pictures you may show, like "AP"; of others none are shown.'
    )
