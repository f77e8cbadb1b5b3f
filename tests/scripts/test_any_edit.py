"""Whatever an edit does to a script, `check` answers with Findings and never breaks."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import scripts
from tests.scripts import sample

WHOLE = sample.files_of(sample.SCRIPTS)
LINES = sorted({line for text in sample.SCRIPTS.values() for line in text.splitlines()})
PIECES = [
    "[",
    "]",
    "{",
    "}",
    '"',
    "= 3",
    "= []",
    "= {}",
    "= 2020-01-01",
    "= true",
    '= ""',
    "#",
    "[[node]]",
    "'",
    "\0",
]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_lines_moved_dropped_and_mangled(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(sample.SCRIPTS)))
    lines = sample.SCRIPTS[file].splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "copy", "tail", "value"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "copy":
                lines.insert(at, data.draw(st.sampled_from(LINES)))
            case "tail":
                lines[at] += data.draw(st.sampled_from(PIECES))
            case _:
                lines[at] = lines[at].split("=")[0] + data.draw(st.sampled_from(PIECES))

    files = {**WHOLE, file: "\n".join(lines).encode()}

    try:
        scripts.compile_release(files)
    except scripts.BrokenScript as broken:
        findings = broken.findings
    else:
        findings = ()
    words = scripts.words_of(files)
    for finding in findings or scripts.check(files):
        assert all(scripts.explain(finding, words, "km"))


@given(st.binary(max_size=40), st.sampled_from(sorted(WHOLE)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_in_any_file(junk: bytes, file: str) -> None:
    for data in (junk, WHOLE[file] + junk, WHOLE[file][: len(junk)] + junk):
        for finding in scripts.check({**WHOLE, file: data}):
            assert finding.problem.startswith("check.")


def test_brackets_without_end_are_a_finding() -> None:
    files = {**WHOLE, "dialogs/job.toml": b"a = " + b"[" * 100_000}
    assert [one.problem for one in scripts.check(files) if one.file == "dialogs/job.toml"] == ["check.toml"]
