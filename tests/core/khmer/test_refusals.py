"""One purpose of what comes unasked is ended in many words; work itself is not."""

import pytest

from bot.core.khmer.refusals import refused


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("ឈប់ផ្ញើដំណឹងពិព័រណ៍", "fairs"),
        ("ខ្ញុំមិនចង់បានដំណឹងពិព័រណ៍ទេ", "fairs"),
        ("សូមកុំផ្ញើសារពីពិព័រណ៍ការងារមកទៀត!", "fairs"),
        ("លែងចង់ទទួលដំណឹងអំពីពិពណ៌ការងារទៀតហើយ", "fairs"),
        ("ឈប់ ពិព័រណ៍ ទៀត", "fairs"),
        ("please stop sending me job fair news", "fairs"),
        ("I don't want to get messages about fairs any more", "fairs"),
        ("kom phnher domnoeng pipor", "fairs"),
        ("កុំផ្ញើដំណឹងការងារ", "jobs"),
        ("កុំ\u200bផ្ញើ\u200bដំណឹង\u200bការងារ\u200bមក\u200bខ្ញុំ", "jobs"),
        ("ខ្ញុំមិនចង់បានដំណឹងការងារទៀតទេ", "jobs"),
        ("do not send me job news", "jobs"),
        ("កុំផ្ញើដំណឹងវគ្គរៀនឲ្យខ្ញុំ", "training"),
        ("អត់ត្រូវការដំណឹងរៀនទៀតទេ", "training"),
        ("stop sending courses", "training"),
    ],
)
def test_a_purpose_is_ended(text: str, purpose: str) -> None:
    assert refused(text) == purpose


@pytest.mark.parametrize(
    "text",
    [
        "ខ្ញុំឈប់ធ្វើការងារ",
        "ខ្ញុំឈប់ការងារហើយ",
        "ឈប់រៀន",
        "ឈប់រៀនថ្នាក់ទី៥",
        "ខ្ញុំមិនចង់បានការងារទេ",
        "ខ្ញុំមិនចង់ទៅពិព័រណ៍ទេ",
        "មិនចង់រៀនវគ្គទេ",
        "កុំផ្ញើដំណឹងការងារទៅប្តីខ្ញុំ",
        "ផ្ញើដំណឹងការងារមកខ្ញុំ",
        "ចង់បានដំណឹងពិព័រណ៍",
        "តើអ្នកមិនផ្ញើដំណឹងពិព័រណ៍ទេ",
        "ឈប់",
        "stop",
        "stop working at the job",
        "i dont want the job",
        "i dont want to go to the fair",
        "send me job news",
        "",
    ],
)
def test_anything_else_ends_nothing(text: str) -> None:
    assert refused(text) is None
