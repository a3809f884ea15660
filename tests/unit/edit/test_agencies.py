from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edit.agencies import AGENCIES, agencies_of, agency_of, unlicensed
from digest.model import pictures


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("AP", "AP"),
        ("AP Photo/Jane Doe", "AP"),
        ("Jane Doe/AP", "AP"),
        ("Jane Doe / AP Photo", "AP"),
        ("Jane Doe, AP", "AP"),
        ("Photo: Jane Doe | AP", "AP"),
        ("The Associated Press", "AP"),
        ("Photo by Associated Press", "AP"),
        ("(AP Photo/Jane Doe, File)", "AP"),
        ("REUTERS/Jane Doe", "Reuters"),
        ("Reuters", "Reuters"),
        ("Photo: Reuters", "Reuters"),
        ("Photo AP", "AP"),
        ("Courtesy of Reuters", "Reuters"),
        ("Jane Doe – Reuters", "Reuters"),
        ("Getty Images", "Getty"),
        ("GETTY IMAGES", "Getty"),
        ("Jane Doe via Getty Images", "Getty"),
        ("© Jane Doe/Getty Images", "Getty"),
        ("Jane Doe/AFP via Getty Images", "AFP"),
        ("AFP via Getty", "AFP"),
        ("EPA-EFE/JANE DOE", "EPA"),
        ("Jane Doe/EPA", "EPA"),
        ("PA Wire", "PA"),
        ("Jane Doe/PA", "PA"),
        ("PA", "PA"),
        ("picture alliance/dpa", "dpa"),
        ("Foto: dpa", "dpa"),
        ("Jane Doe/UPI", "UPI"),
        ("Jane Doe/Bloomberg", "Bloomberg"),
        ("THE CANADIAN PRESS/Jane Doe", "Canadian Press"),
        ("Jane Doe/ZUMA Press", "Zuma"),
        ("imago images/Jane Doe", "Imago"),
    ],
)
def test_an_agency_is_known_by_its_credit(credit: str, agency: str) -> None:
    assert agency_of(credit, "") == agency


@pytest.mark.parametrize(
    "credit",
    [
        "",
        "Jane Doe",
        "Estelle Getty",
        "J. Paul Getty Museum",
        "The Getty Center",
        "Ap Nguyen",
        "A. P. Herbert",
        "Courtesy of AP Herbert",
        "Harrisburg, PA",
        "Jane Doe, Harrisburg, PA",
        "U.S. EPA",
        "Map: The Docket",
        "Paul Reuter",
        "Reutersgade Archive",
        "Michael Bloomberg",
        "Imagost Photo",
        "The Harbor Press Association of Springfield",
        "Tassilo Doe",
        "Happy Apps",
        "The Docket",
    ],
)
def test_names_that_only_look_alike_are_nobody_s(credit: str) -> None:
    assert agency_of(credit, "") == ""


@pytest.mark.parametrize(
    ("caption", "agency"),
    [
        ("The court on Monday. (AP Photo/Jane Doe)", "AP"),
        ("The court on Monday (AP Photo/Jane Doe, File)", "AP"),
        ("AP Photo. The court on Monday.", "AP"),
        ("The court on Monday. (AP)", "AP"),
        ("The court on Monday. (Jane Doe/Reuters)", "Reuters"),
        ("The court. REUTERS/Jane Doe/File Photo", "Reuters"),
        ("The court. Photo: Reuters", "Reuters"),
        ("The court (Jane Doe/AFP via Getty Images).", "AFP"),
        ("The court. Jane Doe, Getty Images", "Getty"),
        ("The court. [Getty Images]", "Getty"),
        ("The court. Jane Doe/PA", "PA"),
        ("Das Gericht. picture alliance / dpa", "dpa"),
    ],
)
def test_an_agency_is_known_by_the_end_of_a_caption(caption: str, agency: str) -> None:
    assert agency_of("", caption) == agency


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "The court on Monday.",
        "Students of Advanced Placement (AP) classes wait outside.",
        "Students wait for their class in Advanced Placement (AP).",
        "A spokesman for Reuters left the court.",
        "The Associated Press building, which the county bought.",
        "Estelle Getty signs the lease. (Jane Doe)",
        "Getty Street was closed.",
        "The Environmental Protection Agency (EPA) sued.",
        "The harbor of Erie, PA.",
        "An app for the court (Ap version 2).",
        "Mayor Bloomberg spoke.",
    ],
)
def test_what_a_caption_tells_of_agencies_is_no_credit(caption: str) -> None:
    assert agency_of("", caption) == ""


def test_a_licence_lets_an_agency_s_pictures_in() -> None:
    assert unlicensed("Jane Doe/AP", "", []) == "AP"
    assert unlicensed("Jane Doe/AP", "", ["Reuters"]) == "AP"
    assert unlicensed("Jane Doe/AP", "", ["ap"]) == ""
    assert unlicensed("Jane Doe", "", []) == ""


def test_of_two_agencies_one_licence_is_enough() -> None:
    assert agencies_of("Jane Doe/AFP via Getty Images", "") == ("AFP", "Getty")
    assert unlicensed("Jane Doe/AFP via Getty Images", "", ["Getty"]) == ""
    assert unlicensed("Jane Doe/AFP via Getty Images", "", ["AFP"]) == ""


@given(st.sampled_from(sorted(AGENCIES)), st.sampled_from(["{}", "Jane Doe/{}", "Jane Doe via {}", "© {}", "({})"]))
def test_every_agency_is_known_in_the_usual_forms(name: str, form: str) -> None:
    for spelling in AGENCIES[name]:
        assert name in agencies_of(form.format(spelling), "")


@given(st.text(max_size=200), st.text(max_size=400))
def test_no_text_stops_the_work(credit: str, caption: str) -> None:
    assert set(agencies_of(credit, caption)) <= set(AGENCIES)


def test_the_configuration_knows_every_agency() -> None:
    assert tuple(AGENCIES) == pictures.AGENCIES
