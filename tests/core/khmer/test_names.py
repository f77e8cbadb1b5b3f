"""Names as people give them, and what is no name. Never tests how a name is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.names import name
from bot.core.khmer.normalise import normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("សុខ ដារ៉ា", "សុខ ដារ៉ា"),
        ("ខ្ញុំឈ្មោះសុខ ដារ៉ា", "សុខ ដារ៉ា"),
        ("ខ្ញុំ ឈ្មោះ ចាន់ ធី", "ចាន់ ធី"),
        ("ឈ្មោះ ចាន់", "ចាន់"),
        ("ឈ្មោះ៖ ម៉ៅ សារី", "ម៉ៅ សារី"),
        ("បាទ ឈ្មោះ វណ្ណា", "វណ្ណា"),
        ("បាទ ខ្ញុំឈ្មោះ វណ្ណា បាទ", "វណ្ណា"),
        ("ចាស ខ្ញុំឈ្មោះ ស្រីមុំ ចាស", "ស្រីមុំ"),
        ("ចាសសុភា", "សុភា"),
        ("សុភាចាស", "សុភា"),
        ("នាងខ្ញុំឈ្មោះ ចន្ថា", "ចន្ថា"),
        ("ខ្ញុំបាទឈ្មោះសៅ រិទ្ធី", "សៅ រិទ្ធី"),
        ("សួស្តីបង ខ្ញុំឈ្មោះ រតនា", "រតនា"),
        ("ជំរាបសួរ ខ្ញុំឈ្មោះ គឹម ហុង", "គឹម ហុង"),
        ("ឈ្មោះរបស់ខ្ញុំគឺ កែវ សុផល", "កែវ សុផល"),
        ("ហៅខ្ញុំថា មុំ", "មុំ"),
        ("ហៅខ្ញុំថា បងសុខ", "សុខ"),
        ("លោក សុខ សាន្ត", "សុខ សាន្ត"),
        ("លោកស្រី ឡុង ចាន់ណា", "ឡុង ចាន់ណា"),
        ("អ្នកស្រី ពៅ", "ពៅ"),
        ("កញ្ញា លីដា", "លីដា"),
        ("កញ្ញា", "កញ្ញា"),
        ("សុខ កញ្ញា", "សុខ កញ្ញា"),
        ("បងប្រុស វុទ្ធី", "វុទ្ធី"),
        ("បង ធារ៉ា", "ធារ៉ា"),
        ("ពូ សៅ", "សៅ"),
        ("មីង ណាត", "ណាត"),
        ("យាយ ម៉ៅ", "ម៉ៅ"),
        ("តា ហ៊ុន", "ហ៊ុន"),
        ("តារា", "តារា"),
        ("ពូជា", "ពូជា"),
        ("តា", "តា"),
        ("បង", "បង"),
        ("ចាន់", "ចាន់"),
        ("ចាស់", "ចាស់"),
        ("សុខ", "សុខ"),
        ("ទេពី", "ទេពី"),
        ("ទេព ច័ន្ទទេវី", "ទេព ច័ន្ទទេវី"),
        ("មីនា", "មីនា"),
        ("បុប្ផា។", "បុប្ផា"),
        ("  សុខ   ដារ៉ា \u200b ", "សុខ ដារ៉ា"),
        ("សុខា 😊🙏", "សុខា"),
        ("«សុខា»", "សុខា"),
        ("sok dara", "Sok Dara"),
        ("SOK DARA", "Sok Dara"),
        ("Sok Dara", "Sok Dara"),
        ("McDara", "McDara"),
        ("my name is sok dara", "Sok Dara"),
        ("My name's Dara.", "Dara"),
        ("I'm Sophea", "Sophea"),
        ("i am chan thy", "Chan Thy"),
        ("this is Mr. Sok San", "Sok San"),
        ("call me Mom", "Mom"),
        ("knhom chmous Sokha", "Sokha"),
        ("knhom chhmoh vanna", "Vanna"),
        ("bat knhom chmous vanna bat", "Vanna"),
        ("chmous Srey Mom jas", "Srey Mom"),
        ("bong Thida", "Thida"),
        ("Bong", "Bong"),
        ("lok Sok San", "Sok San"),
        ("Ming Sokha", "Ming Sokha"),
        ("O'Dara", "O'Dara"),
        ("jean-luc", "Jean-Luc"),
        ("ชื่อ สมชาย ครับ", "สมชาย"),
        ("สมชาย", "สมชาย"),
        ("name: dara", "Dara"),
    ],
)
def test_the_name_alone_is_kept(written: str, meant: str) -> None:
    assert name(written) == normalise(meant)


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "?", "👍", "12", "១២៣", "សុខា 012345678", "dara99", "បាទ", "ចាស", "ទេ", "អត់ទេ", "yes", "ok",
        "តើអ្នកជានរណា?", "តើនេះជាអ្វី", "ហេតុអ្វីសួរឈ្មោះ", "ឈ្មោះអី?", "ខ្ញុំមិនចង់ប្រាប់", "មិនប្រាប់ទេ",
        "អត់ប្រាប់ទេ", "no",
        "ខ្ញុំចង់ធ្វើការ", "ជួយខ្ញុំផង", "ថៅកែមិនបើកលុយ", "សួស្តី", "អរគុណ", "អរគុណបង", "ឈ្មោះ", "ខ្ញុំឈ្មោះ",
        "my name is",
        "what is my name", "why do you ask", "I want a job", "who are you", "hello", "thanks",
        "knhom chong tver ka",
        "don't want to say", "sokha@example.com", "www.example.com/x", "សុខា? ដារ៉ា", "ក" * 81,
        "ខ្ញុំធ្វើការនៅរោងចក្រ។ ថៅកែល្អ", "the name of my father", "no name",
    ],
)  # fmt: skip
def test_what_is_no_name_or_more_than_one_is_asked_again(written: str) -> None:
    assert name(written) is None


@given(st.text(st.one_of(st.characters(), st.sampled_from("ខ្ញុំឈ្មោះបាទចាសលោក abcអា.'- ")), max_size=60))
def test_any_text_is_a_name_or_none_and_a_name_stays_itself(text: str) -> None:
    found = name(text)
    if found is not None:
        assert found
        assert name(found) is not None
