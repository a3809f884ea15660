from __future__ import annotations

from lxml import etree

from digest.model import Picture
from digest.sources.feeds.media import Media, from_attributes, take_media

JPEG = "https://docket.example/a.jpg"


def media(*items: str, namespace: str = "http://search.yahoo.com/mrss/") -> tuple[Media, ...]:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return take_media(etree.fromstring(f"<rss xmlns:media='{namespace}'>{inside}</rss>"))[0]


def test_a_picture_has_what_stands_in_it() -> None:
    (found,) = media(
        f"<media:content url='{JPEG}' medium='image' width='1200' height='800'>"
        "<media:title>The court house steps</media:title>"
        "<media:description type='html'>Filing day &amp; night.</media:description>"
        "<media:credit role='author'>Zoë Hartmann</media:credit></media:content>"
    )
    assert found.pictures == (
        Picture(
            address=JPEG,
            width=1200,
            height=800,
            alt="The court house steps",
            caption="Filing day & night.",
            credit="Zoë Hartmann",
        ),
    )


def test_caption_and_credit_may_stand_beside_it() -> None:
    (found,) = media(
        f"<media:content url='{JPEG}' type='image/jpeg'/><media:credit>Z. H.</media:credit>"
        "<media:description>The court.</media:description><media:title>The story's own title</media:title>"
    )
    assert found.pictures == (Picture(address=JPEG, caption="The court.", credit="Z. H."),)


def test_every_picture_keeps_its_own_caption() -> None:
    (found,) = media(
        *[
            "".join(
                f"<media:content url='https://docket.example/{name}.jpg'>"
                f"<media:description>{name}</media:description></media:content>"
                for name in ("one", "two")
            )
        ]
    )
    assert [picture.caption for picture in found.pictures] == ["one", "two"]


def test_of_a_group_the_widest_is_taken() -> None:
    (found,) = media(
        "<media:group><media:title>Steps</media:title><media:content url='https://x.example/s.jpg' width='300'/>"
        "<media:content url='https://x.example/l.jpg' width='1200'/>"
        "<media:content url='https://x.example/m.jpg' width='600'/></media:group>"
    )
    assert found.pictures == (Picture(address="https://x.example/l.jpg", width=1200, alt="Steps"),)


def test_films_and_sounds_are_no_pictures_but_their_thumbnails_are() -> None:
    (found,) = media(
        "<media:group><media:content url='https://x.example/v' type='video/mp4' width='640'/>"
        "<media:thumbnail url='https://x.example/t.jpg' width='480' height='360'/>"
        "<media:description>What it shows</media:description></media:group>"
    )
    assert found.pictures == ()
    assert found.thumbnails == (Picture(address="https://x.example/t.jpg", width=480, height=360),)
    assert found.description == "What it shows"


def test_every_item_has_its_own() -> None:
    found = media(f"<media:content url='{JPEG}'/>", "<title>None</title>", f"<media:content url='{JPEG}?2'/>")
    assert [len(each.pictures) for each in found] == [1, 0, 1]


def test_the_namespace_without_a_slash_is_the_same() -> None:
    assert media(f"<media:content url='{JPEG}'/>", namespace="http://search.yahoo.com/mrss")[0].pictures


def test_what_is_left_is_the_story() -> None:
    xml = (
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><item><description><![CDATA[<p>Deck</p>]]></description>"
        "<media:description>Caption</media:description><guid>1</guid></item></rss>"
    )
    _, rest = take_media(etree.fromstring(xml, etree.XMLParser(strip_cdata=False)))
    assert b"<![CDATA[<p>Deck</p>]]></description><guid>1</guid></item>" in rest
    assert b"Caption" not in rest


def test_without_a_tree_pictures_come_without_captions() -> None:
    found = from_attributes([{"url": JPEG, "width": "640"}, {"url": "https://x.example/a.mp3"}], [{"url": JPEG}])
    assert found == Media(pictures=(Picture(address=JPEG, width=640),), thumbnails=(Picture(address=JPEG),))
