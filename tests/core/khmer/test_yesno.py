"""Yes and no as people say them. Never tests what follows from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.yesno import yes_or_no

YES = (
    "បាទ|ចាស|ចា៎|ចា៎ះ|បាទៗ|បាទ/ចាស|យល់ព្រម|បាទ យល់ព្រម|ចាសយល់ព្រម|ព្រម|មាន|មានបាទ|មែនហើយ|ត្រូវហើយ|"
    "បាន|អូខេ|ហ្នឹងហើយ|"
    "បាទបាទ|បាទ បាទ បាទ|ចាសៗ|ចាស ចាស|ចាសសសស|បាទទទ|ចាស!!!|បាទ។|បាទបង|ចាសបង|បាទ អរគុណ|ចាស អរគុណបង|"
    "បាទ ព្រម|ចាស ព្រមហើយ|"
    "មែន|មែនហើយបង|ពិតមែន|ត្រូវ|បានហើយ|បាទ បាន|ចាស បានណា|មានតើ|ធ្លាប់|ធ្លាប់ហើយ|ចង់|ចាសចង់|ត្រូវការ|"
    "ខ្ញុំយល់ព្រម|បាទ ខ្ញុំយល់ព្រម|"
    "អឺ|អើ|អ៊ឺ|យេស|អូខេបង|អូខេហើយ|ហ្នឹង|ហ្នឹងហើយបង|យល់ស្រប|ឯកភាព|សុខចិត្ត|យល់ព្រ\u200bម|"
    "yes|YES!|Yes yes|yesss|yess|yep|yup|yeah|ok|OK|okk|okay|oke|ok bong|yes please|I agree|sure|y|k|"
    "of course|"
    "bat|baat|baaat|batt|bat bat|jas|jaas|chas|chaas|cha|jah|yol prom|bat yol prom|jas yol prom|ban|"
    "ban bat|ban hz|men hz|"
    "men hery|trov hery|trv hz|nung hery|ning hz|mean|prom hery|jong|knhom yol prom|ok hz|bat bong|"
    "ใช่|ใช่ค่ะ|ครับ|ครับผม|ค่ะ|ได้ครับ|ตกลง|โอเค|มีค่ะ|"
    "👍|👍🏽|👍👍|👍🏿👍🏿|👌🏻|✅|✔️|🙆🏽‍♀️|🆗|👍🙏|បាទ 🙏|ចាស 😊|yes 🙏🏽"
)
NO = (
    "ទេ|អត់|អត់ទេ|មិនទេ|ទេ អរគុណ|អត់ទេអរគុណ|មិនយល់ព្រម|មិនយល់ព្រមទេ|អត់ព្រមទេ|មិនមែនទេ|អត់មានទេ|"
    "គ្មាន|មិនទាន់|បាទ អត់ទេ|"
    "ចាសមិនមានទេ|ទេបាទ|ទេៗ|ទេ ទេ ទេ|ទេេេេ|អត់ទេបង|អត់ទេ អត់ទេ|ទេបង|អត់ទេបាទ|អត់ទេចាស|ចាស អត់ទេ|"
    "ថាមិនបាន|មិនបាន|មិនបានទេ|អត់បានទេ|"
    "មិនមែន|អត់មែនទេ|មិនត្រូវទេ|មិនព្រម|មិនចង់|មិនចង់ទេ|អត់ចង់បានទេ|មិនត្រូវការទេ|មិនដែល|មិនធ្លាប់ទេ|"
    "អត់ដែលទេ|មិនទាន់មានទេ|អត់ទាន់មាន|"
    "នៅទេ|នៅឡើយទេ|គ្មានទេ|គ្មានទេបាទ|កុំ|ខ្ញុំមិនយល់ព្រមទេ|ពុំមានទេ|អត់យកទេ|ទេ មិនយល់ព្រម|"
    "មិន\u200bយល់\u200bព្រម|"
    "no|No!|NO|nooo|nope|no thanks|no thank you|no no|not yet|never|I don't agree|do not agree|n|"
    "ot|ort|te|ot te|ot te bat|ort te bong|at te|min yol prom te|min yol prom|ot ban te|min ban te|"
    "ot mean te|kmean te|ot jong te|"
    "bat te|jas ot te|te te|teh|"
    "ไม่ใช่|ไม่ครับ|ไม่ค่ะ|ไม่มี|ไม่ได้|ไม่เอา|ยังไม่มี|👎|👎🏾|❌|❌❌|🙅🏻‍♂️|🚫|ទេ 🙏|no 🙏"
)
NEITHER = (
    "|?|មិនដឹង|ខ្ញុំមិនដឹងទេ|បានទេ|មានទេ?|មានទេ|មែនទេ|ត្រូវទេ|មិនយល់|មិនយល់ទេ|ចាប់ផ្តើម|សួស្តី|"
    "yes no|បាទ ប៉ុន្តែខ្ញុំមិនចង់ឲ្យគេដឹង|"
    "🙏|🙏🙏|🙏🏽|😊|👍👎|✅❌|hello|nobody|អត់អីទេ|មិនអីទេ|មិនអី|អត់អី|1|១|ចាស់|បាត់|បាត់ហើយ|ចាស់ហើយ|ចាំ|"
    "ចាំសិន|ចាន់|បាទ?|អត់ទេ?|yes?|"
    "no problem|maybe|not sure|ប្រហែល|អាច|ទេពី|ទេវី|តេមក|មានលុយ|គ្មានលុយ|អរគុណ|អរគុណបង|បង|ខ្ញុំ|ហើយ|"
    "ថា|មិន|chan|jan|chat|"
    "chai yen|bong|ot oy te|min ey te|men te|mean te|know|note|yesterday|okra|nothing|norng|"
    "ไม่เป็นไร|สวัสดี|ขอบคุณ|ใช่ไหม|"
    "ចាស ប៉ុន្តែ|ធម្មតា|គិតសិន|ពេលក្រោយ|later"
)


@pytest.mark.parametrize("said", YES.split("|"))
def test_yes(said: str) -> None:
    assert yes_or_no(said) is True


@pytest.mark.parametrize("said", NO.split("|"))
def test_no(said: str) -> None:
    assert yes_or_no(said) is False


@pytest.mark.parametrize("said", NEITHER.split("|"))
def test_neither(said: str) -> None:
    assert yes_or_no(said) is None


def test_many_ways_are_in_the_table() -> None:
    assert len(set(YES.split("|"))) + len(set(NO.split("|"))) >= 120


@given(st.text(st.one_of(st.characters(), st.sampled_from("បាទចាសេអត់ yesno?👍🏽")), max_size=30))
def test_any_text_is_yes_or_no_or_neither(text: str) -> None:
    assert yes_or_no(text) in (True, False, None)
