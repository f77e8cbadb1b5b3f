"""Every fault, provoked by one broken place in a sample that is whole otherwise."""

from dataclasses import dataclass

import pytest

from bot import scripts
from bot.core.aloud import read_aloud
from bot.core.contact import LANGUAGES
from bot.core.finding import FAULTS, WARNINGS
from bot.core.speech import Recording, content_of, hash_of
from tests.scripts import sample
from tests.sound import opus


@dataclass(frozen=True)
class Broken:
    fault: str
    file: str  # of dialogs/, without .toml
    old: str
    new: str
    node: str = ""
    key: str = ""
    where: str = ""  # the file that the Finding names, when it is another


DEEP = "(" * 20 + "case" + ")" * 20
IN_SCRIPTS = [
    Broken("toml", "job", 'kind = "text"', 'kind = "text'),
    Broken("unknown-key", "job", "longest", "lenght", "work", "lenght"),
    Broken("missing-key", "job", 'kind = "text"\n', "", "work", "kind"),
    Broken("type", "job", "longest = 200", "longest = 'many'", "work", "longest"),
    Broken("range", "job", "longest = 200", "longest = 0", "work", "longest"),
    Broken("options", "job", 'kind = "text"', 'kind = "essay"', "work", "kind"),
    Broken("form", "intake", '"12h"', '"soon"', "", "dialog.expires"),
    Broken("dialog-id", "job", 'id = "job"', 'id = "jobs"', "", "dialog.id"),
    Broken("twice", "intake", 'key = "grown"', 'key = "child"', "age", "choices.child"),
    Broken("reserved-key", "language", 'key = "km"', 'key = "why"', "ask", "choices.why"),
    Broken("places", "places", "[province]", "[county]"),
    Broken("toml-form", "job", "longest = 200", "longest = 200  "),
    Broken("condition-empty", "intake", "age == 'child'", " ", "age", "branch.1.when"),
    Broken("condition-too-long", "menu", "not started.intake", "case or " * 80 + "case", "top"),
    Broken("condition-too-deep", "menu", "not started.intake", DEEP, "top", "choices.intake.when"),
    Broken("condition-letter", "menu", "not started.intake", "case && case", "top", "choices.intake.when"),
    Broken("condition-unclosed", "intake", "age == 'child'", "age == 'child", "age", "branch.1.when"),
    Broken("condition-unexpected", "intake", "age == 'child'", "age == == 'x'", "age", "branch.1.when"),
    Broken("condition-unfinished", "intake", "age == 'child'", "age ==", "age", "branch.1.when"),
    Broken("condition-lone", "intake", "age == 'child'", "'child'", "age", "branch.1.when"),
    Broken("condition-name", "intake", "age == 'child'", "ages == 'child'", "age", "branch.1.when"),
    Broken("condition-choice", "intake", "age == 'child'", "age == 'baby'", "age", "branch.1.when"),
    Broken("condition-sort", "intake", "years > 1", "years > 'a'", "needs", "choices.food.when"),
    Broken("condition-has", "intake", "needs has 'food'", "needs == 'food'", "jobs", "show_if"),
    Broken("action", "talk", "case person", "case closed", "calm", "do"),
    Broken("target", "menu", 'next = "to-intake"', 'next = "to-x"', "top", "choices.intake.next"),
    Broken("start", "menu", 'id = "menu"', 'id = "menu"\nstart = "middle"', "", "dialog.start"),
    Broken(
        "orphan", "intake", 'kind = "repeat"\ndialog = "job"', 'kind = "say"', where="job", key="dialog.id"
    ),
    Broken("dialog", "menu", 'dialog = "intake"', 'dialog = "outake"', "to-intake", "dialog"),
    Broken("unreachable", "menu", 'next = "to-intake", ', "", "to-intake"),
    Broken("endless", "job", "longest = 200", 'next = "work"', "work"),
    Broken("loop", "intake", 'kind = "say"\n\n', 'kind = "say"\nnext = "hello"\n\n', "hello"),
    Broken(
        "recursion", "job", 'kind = "text"\nlongest = 200', 'kind = "call"\ndialog = "intake"', where="intake"
    ),
    Broken("nowhere", "intake", 'submission = "new"\n', "", "agree", "field"),
    Broken("field-kinds", "job", "longest = 200", 'field = "age"', "work", "field"),
    Broken("field", "intake", 'marks = "home"', 'marks = "house"', "needs", "choices.none.marks"),
    Broken("coarse-sensitive", "intake", 'sensitivity = "S0"', 'sensitivity = "S2"', "agree", "coarse"),
    Broken("coarse-open", "job", "longest = 200", "coarse = true", "work", "coarse"),
    Broken("exclusive", "intake", '["none"]', '["nothing"]', "needs", "exclusive"),
    Broken("bounds", "intake", "least = 0", "least = 70", "years", "least"),
    Broken("place-code", "intake", 'first = ["22"]', 'first = ["99"]', "home", "first"),
    Broken("command-twice", "routes", '["person"]', '["menu"]', "talk", "commands"),
    Broken("who-first", "who", 'kind = "who"', 'kind = "say"', "ask", "kind"),
    Broken("source", "intake", '"case.number"', '"case.colour"', "thanks", "args.number"),
]


def findings_of(files: dict[str, bytes], fault: str) -> list[scripts.Finding]:
    return [one for one in scripts.check(files) if one.problem == f"check.{fault}"]


def test_the_sample_is_whole(files: dict[str, bytes]) -> None:
    assert sample.faults(files) == []


@pytest.mark.parametrize("broken", IN_SCRIPTS, ids=lambda broken: broken.fault)
def test_a_broken_script_is_found_where_it_is_broken(broken: Broken) -> None:
    file = f"dialogs/{broken.file}.toml"
    text = sample.SCRIPTS[file]
    assert broken.old in text
    files = sample.files_of({**sample.SCRIPTS, file: text.replace(broken.old, broken.new, 1)})

    found = findings_of(files, broken.fault)

    assert found, [one.problem for one in scripts.check(files)]
    assert found[0].file == f"dialogs/{broken.where or broken.file}.toml"
    if broken.node or broken.key:
        assert found[0].node == broken.node
        assert found[0].key.startswith(broken.key)
    with pytest.raises(scripts.BrokenScript) as refused:
        scripts.compile_release(files)
    assert found[0] in refused.value.findings


def test_a_script_that_is_no_text_is_found(files: dict[str, bytes]) -> None:
    files["dialogs/job.toml"] = b"\xff\xfe"
    assert findings_of(files, "encoding")[0].file == "dialogs/job.toml"


def test_a_missing_file_is_found(files: dict[str, bytes]) -> None:
    del files["dialogs/routes.toml"]
    assert findings_of(files, "missing-file")[0].file == "dialogs/routes.toml"


KM = "locales/km/LC_MESSAGES/intake.po"
HELLO = 'msgid "intake.hello"\nmsgstr "ពាក្យ"'
MENU = "locales/km/LC_MESSAGES/menu.po"
IN_WORDS = [
    ("po", KM, HELLO, 'msgid "intake.hello"\nmsgstr "ពាក្យ', ""),
    ("po-twice", KM, HELLO, f"{HELLO}\n\n{HELLO}", ""),
    ("po-form", KM, HELLO, f"{HELLO}\n\n", ""),
    ("words-missing", KM, HELLO, 'msgid "intake.hello"\nmsgstr ""', "intake.hello"),
    ("words-fuzzy", KM, HELLO, f"#, fuzzy\n{HELLO}", "intake.hello"),
    ("words-unknown", KM, HELLO, f'{HELLO}\n\nmsgid "intake.zero"\nmsgstr "០"', "intake.zero"),
    ("words-file", KM, HELLO, f'{HELLO}\n\nmsgid "menu.zero"\nmsgstr "០"', "menu.zero"),
    ("words-name-missing", KM, "{number}", "", "intake.thanks"),
    ("words-name-unknown", KM, HELLO, 'msgid "intake.hello"\nmsgstr "{who}"', "intake.hello"),
    ("words-encoding", KM, HELLO, 'msgid "intake.hello"\nmsgstr "ធា្លក់"', "intake.hello"),
    (
        "label-long",
        MENU,
        '"menu.top.bye"\nmsgstr "ពាក្យ',
        '"menu.top.bye"\nmsgstr "' + "ក" * 65,
        "menu.top.bye",
    ),
    (
        "label-numbered",
        MENU,
        '"menu.top.bye"\nmsgstr "ពាក្យ',
        '"menu.top.bye"\nmsgstr "' + "ក" * 21,
        "menu.top.bye",
    ),
    (
        "short-long",
        MENU,
        '"menu.top.intake.short"\nmsgstr "ពាក្យ',
        '"menu.top.intake.short"\nmsgstr "' + "ក" * 21,
        "menu.top.intake.short",
    ),
]


@pytest.mark.parametrize(
    ("fault", "file", "old", "new", "key"), IN_WORDS, ids=[fault for fault, *_ in IN_WORDS]
)
def test_broken_words_are_found_under_their_id(
    files: dict[str, bytes], fault: str, file: str, old: str, new: str, key: str
) -> None:
    text = files[file].decode()
    assert old in text
    files[file] = text.replace(old, new, 1).encode()

    found = findings_of(files, fault)

    assert [(one.file, one.key) for one in found] == [(file, key)]
    assert found[0].severity == ("warning" if fault in WARNINGS else "error")


def test_a_label_that_may_be_ticked_needs_room_for_its_tick(files: dict[str, bytes]) -> None:
    old = '"intake.needs.food"\nmsgstr "ពាក្យ'
    for length, found in ((18, []), (19, ["intake.needs.food"])):
        text = files[KM].decode().replace(old, f'"intake.needs.food"\nmsgstr "{"ក" * length}')
        changed = {**files, KM: text.encode()}
        assert changed != files
        assert [one.key for one in findings_of(changed, "label-numbered")] == found


KM_VOICE, EN_VOICE, NO_VOICE = (
    f"locales/{name}.ogg" for name in ("km/voice/job.work", "en/voice/job.work", "km/voice/job.rest")
)
KM_LIST, EN_LIST = (f"locales/{language}/voice/words.toml" for language in LANGUAGES)
OPUS = opus()
VORBIS = b"OggS" + bytes(24) + b"\x01vorbis"
SPOKEN, OLD = f'"job.work" = "{hash_of("ពាក្យ")}"\n'.encode(), f'"job.work" = "{hash_of("ចាស់")}"\n'.encode()
IN_RECORDINGS = [
    ("recording-stale", {KM_VOICE: OPUS, KM_LIST: OLD}, KM_VOICE),
    ("recording-stale", {KM_VOICE: OPUS}, KM_VOICE),
    ("recording-unused", {KM_VOICE: OPUS, KM_LIST: SPOKEN, NO_VOICE: OPUS}, NO_VOICE),
    ("recording-unused", {KM_LIST: SPOKEN}, KM_LIST),
    ("recording-large", {KM_VOICE: OPUS.ljust(1_000_001), KM_LIST: SPOKEN}, KM_VOICE),
    ("recording-form", {KM_VOICE: VORBIS, KM_LIST: SPOKEN}, KM_VOICE),
    ("recording-form", {KM_VOICE: b"", KM_LIST: SPOKEN}, KM_VOICE),
    ("recording-list", {EN_LIST: b"job.work = 1\n"}, EN_LIST),
    ("recording-list", {EN_LIST: b'"job.work" = "abc"\n'}, EN_LIST),
    ("recording-list", {EN_LIST: b"\xff"}, EN_LIST),
    ("toml-form", {KM_VOICE: OPUS, KM_LIST: SPOKEN + b"\n"}, KM_LIST),
]


@pytest.mark.parametrize(("fault", "recordings", "where"), IN_RECORDINGS)
def test_a_recording_that_is_old_useless_or_unplayable_is_found(
    fault: str, recordings: dict[str, bytes], where: str, files: dict[str, bytes]
) -> None:
    (found,) = sample.faults({**files, **recordings})

    assert (found.problem, found.file) == (f"check.{fault}", where)
    assert found.severity == ("warning" if fault in WARNINGS else "error")


def test_dialogs_that_lack_voices_are_found_once_each_and_only_in_khmer(files: dict[str, bytes]) -> None:
    missing = findings_of(files, "recording-missing")
    told = {one.file: (one.args["count"], one.args["ids"], one.severity) for one in missing}
    assert told == {
        "dialogs/language.toml": ("1", "language.ask", "warning"),
        "dialogs/talk.toml": ("1", "talk.calm", "warning"),
        "dialogs/who.toml": ("1", "who.ask", "warning"),
        "dialogs/intake.toml": ("12", "intake.hello, intake.agree, intake.agree.why …", "warning"),
    }
    assert {one.args["language"] for one in missing} == {"km"}
    voiced = {**files, "locales/km/voice/talk.calm.ogg": OPUS}
    assert "dialogs/talk.toml" not in [one.file for one in findings_of(voiced, "recording-missing")]


def test_a_release_knows_the_recordings_that_speak_its_present_words(files: dict[str, bytes]) -> None:
    release = scripts.compile_release({**files, KM_VOICE: OPUS, KM_LIST: SPOKEN, EN_VOICE: OPUS})
    voice = Recording("job.work", KM_VOICE, len(OPUS), content_of(OPUS))
    assert release.voices == {"km": {"job.work": voice}, "en": {}}
    assert release.book.voices == {"km": {"job.work"}, "en": frozenset()}
    old = scripts.compile_release({**files, KM_VOICE: OPUS, KM_LIST: OLD})
    assert old.voices["km"] == {}


def test_a_question_is_spoken_with_its_choices(files: dict[str, bytes]) -> None:
    spoken = read_aloud(scripts.compile_release(files).book)
    assert spoken["intake.age"] == ("intake.age", "intake.age.child", "intake.age.grown")
    assert spoken["intake.jobs.again"] == ("intake.jobs.again", "bot.repeat-yes", "bot.repeat-no")
    assert spoken["intake.hello"] == ("intake.hello",)
    assert spoken["bot.stale"] == ("bot.stale",)
    assert not [one for one in spoken if one.startswith(("check.", "web."))]


def test_every_fault_is_provoked_above() -> None:
    listed = {fault for fault, *_ in (*IN_WORDS, *IN_RECORDINGS)}
    provoked = {broken.fault for broken in IN_SCRIPTS} | listed
    lists = {fault for fault in FAULTS if fault.startswith("safety-")}  # tests/safety/test_findings.py
    answers = {fault for fault in FAULTS if fault.startswith("faq-")}  # test_answer_findings.py
    assert provoked | lists | answers | {"encoding", "missing-file", "recording-missing"} == set(FAULTS)


def test_warnings_do_not_stop_a_release(files: dict[str, bytes]) -> None:
    files[KM] += 'msgid "intake.zero"\nmsgstr "០"\n'.encode()
    files[KM] = files[KM].replace(b'"\nmsgid "intake.zero"', b'"\n\nmsgid "intake.zero"')
    assert [one.problem for one in sample.faults(files)] == ["check.words-unknown"]
    assert scripts.compile_release(files).words.say("intake.zero", "km") == "០"


def test_a_loop_through_two_dialogs_is_found() -> None:
    there = sample.SCRIPTS["dialogs/talk.toml"] + '\n[[node]]\nid = "on"\nkind = "end"\nthen = "again"\n'
    back = '[dialog]\nid = "again"\n\n[[node]]\nid = "back"\nkind = "end"\nthen = "talk"\n'
    files = sample.files_of({**sample.SCRIPTS, "dialogs/talk.toml": there, "dialogs/again.toml": back})
    found = findings_of(files, "loop")
    assert [(one.file, one.args["nodes"]) for one in found] == [
        ("dialogs/again.toml", "again.back, talk.calm, talk.on")
    ]


def test_a_home_menu_that_waits_for_nobody_is_found() -> None:
    menu = sample.SCRIPTS["dialogs/menu.toml"].replace("sticky = true", 'show_if = "case"')
    menu = menu.replace('{ key = "bye" }', '{ key = "bye" },\n  { key = "no", next = "bye" }')
    files = sample.files_of({**sample.SCRIPTS, "dialogs/menu.toml": menu})
    assert "menu" in [one.args["nodes"] for one in findings_of(files, "loop")]


def test_every_finding_can_be_explained_in_both_languages(files: dict[str, bytes]) -> None:
    files[KM] = files[KM].replace(b"{number}", b"")
    words = scripts.words_of(files)
    finding = sample.faults(files)[0]
    for language in LANGUAGES:
        where, problem, cure = scripts.explain(finding, words, language)
        assert where == f"{KM} › intake.thanks"
        assert problem
        assert cure
        assert not problem.startswith("check.")


def test_a_finding_is_explained_even_without_the_catalogue_of_findings(files: dict[str, bytes]) -> None:
    del files["locales/en/LC_MESSAGES/check.po"]
    finding = sample.faults(files)[0]
    _, problem, _ = scripts.explain(finding, scripts.words_of(files), "en")
    assert problem.startswith("check.words-missing id=check.")
