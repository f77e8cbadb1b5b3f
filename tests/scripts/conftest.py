"""The sample set of scripts as files, fresh for every test."""

from pathlib import Path

import pytest

from tests.scripts import sample


@pytest.fixture
def files() -> dict[str, bytes]:
    return sample.files_of(sample.SCRIPTS)


@pytest.fixture
def root(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for file, data in files.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path
