"""The sense beside the lists: it learns, it is the same wherever it runs, and a broken file is told of."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from zlib import compress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import scripts
from bot.cli.safety import known, read_table, read_thesaurus
from bot.core.safety import HARMLESS, Safety, alarm
from bot.core.safety_key import said
from bot.core.safety_learning import learn, learned_from
from bot.core.safety_sense import NO_SENSE, STEPS, Sense, leaning, read, weights_of, written
from bot.core.safety_signs import FAR, pairs, pieces
from bot.core.safety_thesaurus import meanings, thesaurus_of
from bot.script_files import WEIGHTS, parse_files
from tests.safety.lists import KNOWN, ROOT, TAUGHT, THESAURUS, shipped, small

LOCKED = ("ថៅកែចាក់សោបន្ទប់ ចេញមិនរួច", "គេចាក់សោទុកក្នុងបន្ទប់", "ពួកគេចាក់សោ មិនឱ្យចេញ", "ចាក់សោបន្ទប់ មិនឱ្យចេញទៅណា")
CALM = ("ថៅកែឱ្យប្រាក់ខែហើយ", "ថ្ងៃនេះទិញសោថ្មីមួយ", "បន្ទប់ជួលថោក នៅជិតផ្សារ", "នៅផ្សារថ្មី ទិញអីក៏ថោក")


def taught() -> Sense:
    return learn([*((True, one) for one in LOCKED), *((False, one) for one in CALM)] * 2)


def test_what_resembles_the_known_dangers_is_heard_and_the_rest_is_not() -> None:
    sense = taught()
    assert leaning(sense, "ថៅកែចាក់សោ មិនឱ្យចេញពីបន្ទប់") > 0
    assert leaning(sense, "សោថ្មីថោក ទិញនៅផ្សារ") < 0
    assert alarm(Safety(sense=sense), "ថៅកែចាក់សោ មិនឱ្យចេញពីបន្ទប់") == "danger"
    assert alarm(Safety(), "ថៅកែចាក់សោ មិនឱ្យចេញពីបន្ទប់") is None


def test_a_phrase_is_silent_only_in_a_clause_that_is_surely_harmless() -> None:
    calm, lists = "to kill time we play cards every evening", small(danger=("kill",))
    around = pieces(said(calm)) - pieces(said("they kill"))
    sense = replace(lists, sense=Sense(weights_of(dict.fromkeys(around, -STEPS))))
    assert alarm(lists, calm) == "danger"
    assert leaning(sense.sense, calm) < HARMLESS
    assert alarm(sense, calm) is None
    assert alarm(sense, "they kill people here") == "danger"
    assert alarm(sense, f"{calm}. they kill people here") == "danger"
    assert alarm(sense, f"they kill people here, {calm}") == "danger"


def test_a_calm_question_beside_a_cry_for_help_silences_nothing() -> None:
    book = scripts.reopen_release(scripts.read_files(ROOT)).book
    calm = [one.phrasings[0] for one in book.faq.entries.values() if one.topic != "safety"]
    cries = [*shipped().examples.danger, "ខ្ញុំចង់សម្លាប់ខ្លួន", "i want to die"]
    told = [f"{calm[at % len(calm)]} {cry}" for at, cry in enumerate(cries)]
    told += [f"{cry}។ {calm[at % len(calm)]}" for at, cry in enumerate(cries)]
    missed = [one for one in told if alarm(shipped(), one) != "danger"]
    assert missed == []
    assert alarm(shipped(), " ".join([*calm, "ខ្ញុំចង់សម្លាប់ខ្លួន"])) == "danger"


def test_every_kind_of_sign_is_weighed() -> None:
    text, thesaurus = "boss locks door", thesaurus_of([("lock", "en", "locks")])
    nothing, words = Sense(thesaurus=thesaurus), said(text)
    for heavy in (
        replace(nothing, pieces=weights_of(dict.fromkeys(pieces(words), STEPS))),
        replace(nothing, pairs=weights_of(dict.fromkeys(pairs(words), STEPS))),
        replace(nothing, meanings=weights_of(dict.fromkeys(meanings(thesaurus, words), STEPS))),
    ):
        assert leaning(heavy, text) > leaning(nothing, text) + 0.4


def test_the_order_of_the_sentences_changes_nothing() -> None:
    backwards = [*((False, one) for one in reversed(CALM)), *((True, one) for one in reversed(LOCKED))]
    assert written(learn(backwards * 2)) == written(taught())


def test_a_sense_survives_its_file() -> None:
    assert read(written(taught())) == taught()


def in_file(part: bytes, bias: str = "1.0", parts: int = 4) -> bytes:
    """A file of weights whose first part is these bytes, the others empty."""
    row = [part, *[b""] * (parts - 2), b"\n\n"]
    return f"abc {bias}\n".encode() + b"\n\n".join(b64encode(compress(one)) for one in row)


ROW = b"\1\1" + bytes(6) + b"\1\1"  # of two checksums, 1 and 2, that weigh 1


def test_a_whole_file_of_that_form_is_read() -> None:
    assert read(in_file(ROW)).pieces == weights_of({1: 1, 2: 1})


@pytest.mark.parametrize(
    "broken",
    [
        *(b"", b"one line", b"abc 1.0\n!!!\n", b"abc 1.0\nAAAA\n", "អ".encode()),
        *(in_file(b"", bias) for bias in ("nan", "inf", "1e9", "much")),
        *(in_file(row) for row in (ROW + b"abc", b"abc", b"\377" * 8 + ROW[-2:], b"\1\0" + ROW[2:])),
        *(in_file(ROW, parts=others) for others in (3, 5)),  # 3: as it was before pairs were weighed
    ],
)
def test_a_broken_file_is_a_finding_and_the_lists_stand(broken: bytes) -> None:
    parsed = parse_files({WEIGHTS: broken})
    assert "check.safety-weights" in {one.problem for one in parsed.findings}
    assert parsed.safety.sense == NO_SENSE


def test_a_small_file_does_not_fill_the_memory() -> None:
    bomb = in_file(bytes(17 * 1024 * 1024))
    assert len(bomb) < 30_000
    with pytest.raises(ValueError, match="not whole"):
        read(bomb)


def test_without_a_thesaurus_no_meanings_are_weighed() -> None:
    assert taught().meanings == weights_of({})
    assert leaning(taught(), "1234567890 ABCD") == pytest.approx(taught().bias / STEPS, abs=0.5)


def in_pairs(one: str, other: str) -> int:
    return len(pairs(said(one)) & pairs(said(other)))


def test_two_words_are_a_pair_whatever_stands_between() -> None:
    near, far = "boss locks the door", "boss always goes and locks every single door"
    ways = 2  # as they are heard, and as they are spelled
    assert in_pairs(near, far) == (3 + 3) * ways  # boss, locks, door, and each two of them
    assert in_pairs(near, "door locks boss") == 3 * ways
    assert in_pairs("boss lock", f"boss {'neak ' * FAR}lock") == 2 * ways
    assert in_pairs("boss lock", f"boss {'neak ' * (FAR - 1)}lock") == 3 * ways


def test_khmer_pairs_need_no_spaces() -> None:
    assert pairs(said("ថៅកែចាក់សោបន្ទប់")) == pairs(said("ថៅកែ ចាក់សោ បន្ទប់"))
    assert in_pairs("ថៅកែចាក់សោ", "ថៅកែខ្ញុំតែងតែចាក់សោ") > in_pairs("ថៅកែចាក់សោ", "ចាក់សោខ្ញុំតែងតែថៅកែ")


def test_a_letter_that_two_words_share_belongs_to_both() -> None:
    assert in_pairs("boss sells fish", "boss often sells fish") == in_pairs(
        "boss hits fish", "boss often hits fish"
    )


def test_a_word_of_latin_letters_changes_nothing_of_the_khmer_beside_it() -> None:
    assert len(pairs(said("ប្តីវាយខ្ញុំ ok"))) == 3 + 2 + 1 + (1 + 3) + 1  # Khmer, "ok" with it, "ok" as spelled


def test_a_unit_is_a_latin_word_or_two_clusters() -> None:
    assert pairs(said("ថៅកែ. ចាក់")) == pairs(said("ថៅកែ! ចាក់"))
    assert pairs(said("ក")) == pairs(said(". .")) == frozenset()
    assert len(pairs(said("ចាក់សោទ្វារ"))) == 4 + 3 + 2 + 1  # ចាក់ ក់សោ សោទ្វា ទ្វារ, and each two of them
    assert pairs(said("")) == frozenset()


@settings(deadline=None)  # the first example loads the weights
@given(st.text(max_size=2000))
def test_any_text_has_a_leaning(text: str) -> None:
    assert -100 < leaning(shipped().sense, text) < 100
    assert all(0 <= sign < 2**32 for sign in pieces(said(text)) | pairs(said(text)))


def test_the_shipped_sense_was_learned_from_the_sentences_that_are_known() -> None:
    """Learning takes minutes, so the file says what it was learned from."""
    tables = [ROOT / "tests/safety" / name for name in (*KNOWN, TAUGHT)]
    thesaurus = read_thesaurus(ROOT / "tests/safety" / THESAURUS)
    assert shipped().sense.learned == learned_from(known(tables, shipped()), thesaurus)
    assert shipped().sense.thesaurus == thesaurus
    assert len((ROOT / WEIGHTS).read_bytes()) < 6 * 1024 * 1024


def test_the_command_reads_the_tables(tmp_path: Path) -> None:
    table = tmp_path / "known.tsv"
    table.write_text("danger\tkm\tគេវាយខ្ញុំ\nnone\ten\tthe fish died\n", encoding="utf-8")
    assert read_table(table) == [(True, "គេវាយខ្ញុំ"), (False, "the fish died")]
    assert all((ROOT / "tests/safety" / name).exists() for name in KNOWN)
