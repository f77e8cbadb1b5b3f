"""Yes and no as people say them. Never tests what follows from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.yesno import yes_or_no

YES = (
    "បាទ|ចាស|ចា៎|ចា៎ះ|បាទៗ|បាទ/ចាស|យល់ព្រម|បាទ យល់ព្រម|ចាសយល់ព្រម|ព្រម|មាន|មានបាទ|មែនហើយ|ត្រូវហើយ|បាន|អូខេ|ហ្នឹងហើយ|"
    "yes|YES!|Yes yes|ok|okay|y|bat|jas|yol prom|ban bat|ใช่|ครับ|👍|👍🏽|👍👍|✅|✔️"
)
NO = (
    "ទេ|អត់|អត់ទេ|មិនទេ|ទេ អរគុណ|អត់ទេអរគុណ|មិនយល់ព្រម|មិនយល់ព្រមទេ|អត់ព្រមទេ|មិនមែនទេ|អត់មានទេ|គ្មាន|មិនទាន់|បាទ អត់ទេ|"
    "ចាសមិនមានទេ|ទេបាទ|no|No!|nope|no thanks|ot|te|ot te|ot te bat|min yol prom te|ไม่ใช่|ไม่ครับ|👎|👎🏾|❌"
)
NEITHER = "|?|មិនដឹង|ខ្ញុំមិនដឹងទេ|បានទេ|មានទេ?|មិនយល់|ចាប់ផ្តើម|សួស្តី|yes no|បាទ ប៉ុន្តែខ្ញុំមិនចង់ឲ្យគេដឹង|🙏|hello|nobody|អត់អីទេ|1"


@pytest.mark.parametrize("said", YES.split("|"))
def test_yes(said: str) -> None:
    assert yes_or_no(said) is True


@pytest.mark.parametrize("said", NO.split("|"))
def test_no(said: str) -> None:
    assert yes_or_no(said) is False


@pytest.mark.parametrize("said", NEITHER.split("|"))
def test_neither(said: str) -> None:
    assert yes_or_no(said) is None


@given(st.text())
def test_any_text_is_yes_or_no_or_neither(text: str) -> None:
    assert yes_or_no(text) in (True, False, None)
