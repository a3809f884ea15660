"""Which column holds what, however a spreadsheet or a service names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.model import Subscriber
from tests.unit.audience.reading import addresses, reasons, roster

HEADINGS = [
    *("email", " EMAIL ", "E-Mail", "e_mail", "Email Address", "E-Mail-Adresse", "Adresse e-mail", "Courriel"),
    *("Correo electrónico", "Dirección de correo electrónico", "E-mail 1 - Value", "@mail", "電子メール", "Abonnés"),
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_column_of_addresses_is_found_by_its_name_or_by_looking(tmp_path: Path, heading: str) -> None:
    audience = roster(tmp_path, f"city,{heading},plan\nLima,ana@example.com,free\nOslo,ben@example.com,\n")
    assert addresses(audience) == ["ana@example.com", "ben@example.com"]
    assert not audience.left_out


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("name", "Ana Sá", "Ana Sá"),
        ("full name,first name", "Ana Sá,Ana", "Ana Sá"),
        ("First Name,Last Name", "Ana,Sá", "Ana Sá"),
        ("Last_Name,FIRST NAME", "Sá,Ana", "Ana Sá"),
        ("First Name,Last Name", ",Sá", "Sá"),
        ("Nombre,Apellidos", "Ana,Sá", "Ana Sá"),
        ("Nom,Prénom", "Sá,Ana", "Ana Sá"),
        ("Vorname,Name", "Ana,Sá", "Ana Sá"),
        ("Vorname,Nachname", "Ana,Sá", "Ana Sá"),
        ("first name", "Ana", "Ana"),
        ("Vorname", "Ana", "Ana"),
        ("surname", "Sá", "Sá"),
        ("city", "Lima", ""),
    ],
)
def test_names_are_put_together(tmp_path: Path, header: str, row: str, name: str) -> None:
    (reader,) = roster(tmp_path, f"email,{header}\nana@example.com,{row}\n").readers
    assert reader.name == name


@pytest.mark.parametrize("written", ["National; Courts", '"National, Courts"', "National | Courts|national|"])
def test_categories_are_split_however_they_are_separated(tmp_path: Path, written: str) -> None:
    (reader,) = roster(tmp_path, f"email,Categories\nana@example.com,{written}\n").readers
    assert {category.casefold() for category in reader.categories} == {"national", "courts"}
    assert len(reader.categories) == 2


def test_a_list_without_a_header_is_read_from_its_first_line(tmp_path: Path) -> None:
    audience = roster(tmp_path, "Mel;mel@example.com\nBen;ben@example.com\n")
    assert addresses(audience) == ["mel@example.com", "ben@example.com"]


def test_a_first_line_that_tries_to_be_an_address_is_not_taken_for_a_header(tmp_path: Path) -> None:
    audience = roster(tmp_path, "ana@\nben@example.com\n")
    assert addresses(audience) == ["ben@example.com"]
    assert reasons(audience) == [(1, "bad address")]


def test_names_with_addresses_in_angle_brackets_are_taken_apart(tmp_path: Path) -> None:
    audience = roster(tmp_path, "Ana Sá <Ana@example.com> \n<ben@example.com>\n")
    assert audience.readers == (
        Subscriber(address="ana@example.com", name="Ana Sá"),
        Subscriber(address="ben@example.com"),
    )
