import pytest

from digest.render.browser_copy import for_browser

PREFIX = "https://docket.example/pictures/"


@pytest.fixture
def folder(tmp_path):
    pictures = tmp_path / "pictures"
    (pictures / "2026").mkdir(parents=True)
    (pictures / "ferry.jpg").write_bytes(b"x")
    (pictures / "2026" / "a & b.jpg").write_bytes(b"x")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    return pictures


def copied(address, folder, quote='"'):
    return for_browser(f"<img alt={quote}{PREFIX}{quote} src={quote}{address}{quote} />", [(PREFIX, folder)])


def test_a_picture_that_is_there_comes_from_the_folder(folder):
    assert copied(f"{PREFIX}ferry.jpg", folder) == f'<img alt="{PREFIX}" src="{(folder / "ferry.jpg").as_uri()}" />'


def test_escapes_of_addresses_and_of_html_are_undone(folder):
    assert "a%20%26%20b.jpg" in copied(f"{PREFIX}2026/a%20&amp;%20b.jpg?w=600&amp;h=400", folder)
    assert "ferry.jpg" in copied(f"{PREFIX}ferry.jpg", folder, quote="'")


@pytest.mark.parametrize(
    "address",
    [
        f"{PREFIX}missing.jpg",
        "https://other.example/ferry.jpg",
        f"{PREFIX}../secret.jpg",
        f"{PREFIX}%2e%2e/secret.jpg",
        f"{PREFIX}..%2fsecret.jpg",
        f"{PREFIX}/etc/passwd",
        f"{PREFIX}%00.jpg",
        f"{PREFIX}{'x' * 5000}.jpg",
        PREFIX,
        f"{PREFIX}2026",
    ],
)
def test_everything_else_stays_as_it_is(address, folder):
    assert f'src="{address}"' in copied(address, folder)


def test_a_link_out_of_the_folder_is_not_followed(folder):
    (folder / "link.jpg").symlink_to(folder.parent / "secret.jpg")
    assert f'src="{PREFIX}link.jpg"' in copied(f"{PREFIX}link.jpg", folder)


def test_links_stay_and_the_first_folder_that_has_the_file_wins(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    html = f'<a href="{PREFIX}ferry.jpg"><img src="{PREFIX}ferry.jpg"></a>'
    made = for_browser(html, [(PREFIX, other), (PREFIX, folder)])
    assert made == f'<a href="{PREFIX}ferry.jpg"><img src="{(folder / "ferry.jpg").as_uri()}"></a>'
