"""The shipped gazetteer, and finding a place in what a person wrote. Never tests a dialog."""

import random
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.fold import fold
from bot.core.khmer.romanised import latin
from bot.core.places import Depth, Gazetteer, Place, load

SHIPPED = load((Path(__file__).parents[2] / "dialogs" / "places.toml").read_bytes())
ODDAR_MEANCHEY, PURSAT, PREAH_VIHEAR = "22", "15", "13"


def communes() -> list[Place]:
    districts = [
        district for province in SHIPPED.children("") for district in SHIPPED.children(province.code)
    ]
    return [commune for district in districts for commune in SHIPPED.children(district.code)]


def meant(text: str, within: str = "", depth: Depth = "commune") -> str | set[str]:
    """The code that is surely meant, else the set of the candidates' codes."""
    found = SHIPPED.match(text, within, depth)
    return found.code if isinstance(found, Place) else {place.code for place in found}


# --- the gazetteer -----------------------------------------------------------------------------


def test_all_provinces_and_three_of_them_to_the_commune() -> None:
    assert len(SHIPPED.children("")) == 25
    assert [len(SHIPPED.children(code)) for code in (ODDAR_MEANCHEY, PURSAT, PREAH_VIHEAR)] == [5, 7, 8]
    assert len(communes()) == 124
    assert SHIPPED.children("12") == SHIPPED.children("999") == ()


def test_names_and_levels() -> None:
    assert SHIPPED.name("1501", "km") == "បាកាន"
    assert SHIPPED.name("1501", "en") == "Bakan"
    assert SHIPPED.name("9999", "km") == "9999"
    kinds = {
        code: place.kind
        for code in ("15", "1501", "1505", "150102", "150506")
        if (place := SHIPPED.by_code(code))
    }
    assert list(kinds.values()) == ["province", "district", "town", "commune", "sangkat"]
    province = SHIPPED.province_of("150102")
    assert province is not None
    assert province.en == "Pursat"


def test_no_two_communes_of_a_district_share_a_key() -> None:
    for district in {commune.code[:4] for commune in communes()}:
        for one, other in combinations(SHIPPED.children(district), 2):
            assert fold(one.km) != fold(other.km)
            assert latin(one.en) != latin(other.en)


@pytest.mark.parametrize(
    ("toml", "entry"),
    [
        ('[village]\n01 = ["ក", "Ka"]', "[village]"),
        ('[province]\n1 = ["ក", "Ka"]', "[province] 1"),
        ('[province]\n01 = ["ក"]', "[province] 01"),
        ('[province]\n01 = ["ក", 7]', "[province] 01"),
        ('[commune]\n010101 = ["ក", "Ka"]', "010101"),
        (
            '[province]\n01 = ["ក", "Ka"]\n[district]\n0101 = ["ក", "Ka"]\n[town]\n0101 = ["ក", "Ka"]',
            "[town] 0101",
        ),
    ],
)
def test_a_broken_entry_is_named(toml: str, entry: str) -> None:
    with pytest.raises(ValueError, match="^" + entry.replace("[", r"\[")):
        load(toml.encode())


# --- finding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", communes(), ids=lambda place: place.code)
def test_every_commune_is_found_by_each_of_its_names_in_its_district(place: Place) -> None:
    for name in (place.km, place.en, "ឃុំ" + place.km, f"{place.en} commune", *place.aliases):
        assert meant(name, place.code[:4]) == place.code


@pytest.mark.parametrize("province", SHIPPED.children(""), ids=lambda place: place.code)
def test_every_province_is_found_by_each_of_its_names(province: Place) -> None:
    for name in (
        province.km,
        province.en,
        "ខេត្ត" + province.km,
        f"{province.en} Province",
        *province.aliases,
    ):
        assert meant(name) == meant(name, depth="province") == province.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ស្រុកបាកាន ខេត្តពោធិ៍សាត់", "1501"),
        ("ឃុំបឹងខ្នារ ស្រុកបាកាន", "150102"),
        ("ភូមិថ្មីឃុំបឹងខ្នារស្រុកបាកានខេត្តពោធិ៍សាត់", "150102"),
        ("ភូមិថ្មី ឃុំ លាច ភ្នំក្រវាញ", "150402"),
        ("ខ្ញុំនៅ បាកាន, ពោធិសាត់", "1501"),
        ("Bakan, Pursat", "1501"),
        ("pursat bakan", "1501"),
        ("khum Boeng Khnar srok Bakan khet Pursat", "150102"),
        ("Leach commune, Phnum Kravanh district, Pursat province", "150402"),
        ("ក្រុងពោធិ៍សាត់ ខេត្តពោធិ៍សាត់", "1505"),
        ("ក្រុងភ្នំពេញ", "12"),
        ("ឃុំសំរោង ស្រុកភ្នំក្រវ៉ាញ", "150407"),
        ("សង្កាត់សម្រោង ក្រុងសំរោង្គ", "220404"),
        ("O'Smach", "220405"),
        ("ឆែប១", "130201"),
        ("chhaeb 2", "130202"),
    ],
)
def test_whole_phrases(text: str, code: str) -> None:
    assert meant(text) == code


def test_shared_names_are_asked_about() -> None:
    assert meant("សំរោង") == {"2204", "220404", "150407"}
    assert meant("Samrong, Siem Reap") == {"17", "2204", "220404", "150407"}
    assert meant("កន្ទួត") == "130306"


def test_a_namesake_around_or_inside_is_no_doubt() -> None:
    assert meant("ពោធិ៍សាត់") == "15"
    assert meant("ពោធិ៍សាត់", PURSAT) == "1505"
    assert meant("ភ្នំពេញ") == "12"
    assert meant("ភ្នំពេញ", PREAH_VIHEAR) == "130404"
    assert meant("សំរោង", ODDAR_MEANCHEY) == "2204"
    assert meant("ឃុំសំរោង", ODDAR_MEANCHEY) == "220404"


def test_a_deeper_place_counts_for_the_one_asked() -> None:
    assert meant("បាកាន", depth="province") == "15"
    assert meant("ឃុំលាច", depth="district") == "1504"
    assert meant("សំរោង", depth="province") == {"15", "22"}


@pytest.mark.parametrize("text", ["", "?", "១២", "hello", "ខ្ញុំមិនដឹង", "អត់មានទេ", "បាទ", "xyzzy", "ថៃ", "ខេត្ត"])
def test_what_is_no_place_finds_none(text: str) -> None:
    assert meant(text) == set()


@given(
    st.text(),
    st.sampled_from(["", "15", "1501", "77", "x"]),
    st.sampled_from(["province", "district", "commune"]),
)
def test_any_text_finds_places_inside_or_none(text: str, within: str, depth: Depth) -> None:
    found = SHIPPED.find(text, within, depth)
    assert len({place.code for place in found}) == len(found)
    assert all(place.code.startswith(within) for place in found)


# --- phone noise -------------------------------------------------------------------------------

SLIPS = (
    *(("់", ""), ("័", ""), ("៍", ""), ("៉", ""), ("៉", "៊"), ("ិ", "ី"), ("ី", "ិ"), ("ុ", "ូ"), ("ូ", "ុ"), ("ួ", "ូ")),
    *(
        ("ឹ", "ិ"),
        ("ើ", "េី"),
        ("ោ", "េា"),
        ("ណ", "ន"),
        ("ឡ", "ល"),
        ("ដ", "ត"),
        ("្ត", "្ដ"),
        ("ាំ", "ំា"),
        ("ព", "ភ"),
    ),
    *(("ំ", "ម"), ("រ", ""), ("ធ", "ទ"), ("ឈ", "ជ"), ("ៀ", "ា"), ("ែ", "េ"), ("ា", "")),
)


def mistyped(name: str, slips: random.Random) -> str:
    """One or two slips of a thumb: a wrong or lost mark, a vowel before its subscript, a space."""
    for _ in range(slips.choice((1, 1, 2))):
        match slips.randrange(5):
            case 0:
                at = slips.randrange(len(name) + 1)
                name = name[:at] + slips.choice(("\u200b", " ", "\u200c")) + name[at:]
            case 1:
                at = slips.randrange(1, len(name))
                name = name[:at] + name[at + 1 :]
            case 2:
                at = slips.randrange(1, len(name))
                name = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
            case _:
                fitting = [slip for slip in SLIPS if slip[0] in name]
                if fitting:
                    name = name.replace(*slips.choice(fitting), 1)
    return name


def is_found(place: Place, typed: str, within: str) -> bool:
    """Best candidate is the place, or its namesake around it (the next question asks inside that)."""
    found = SHIPPED.find(typed, within)
    return bool(found) and (
        found[0] == place or (place.code.startswith(found[0].code) and fold(found[0].km) == fold(place.km))
    )


def test_a_mistyped_commune_is_found_when_the_province_is_known() -> None:
    slips = random.Random(20261122)  # noqa: S311  # a seeded simulation
    tries = [(place, mistyped(place.km, slips)) for place in communes() for _ in range(10)]
    tries = [(place, typed) for place, typed in tries if typed != place.km]
    found = sum(is_found(place, typed, place.code[:2]) for place, typed in tries)
    assert found >= 0.97 * len(tries)


def test_a_mistyped_commune_is_seldom_taken_for_another() -> None:
    slips = random.Random(7)  # noqa: S311  # a seeded simulation
    tries = [(place, mistyped(place.km, slips)) for place in communes() for _ in range(10)]
    wrong = 0
    for place, typed in tries:
        found = meant(typed, place.code[:2])
        wrong += isinstance(found, str) and not place.code.startswith(found)
    assert wrong <= 0.01 * len(tries)


def test_a_story_is_no_place() -> None:
    assert meant("ខ្ញុំធ្លាប់នៅបាកាន " * 20) == meant("ក," * 2000) == set()


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert Gazetteer(()).find("បាកាន") == ()
    assert len(Gazetteer(())) == 0
