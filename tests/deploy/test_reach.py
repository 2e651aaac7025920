"""A clone in a folder only root can enter: the database's programs are copied to where their own user reaches them."""

import subprocess
from pathlib import Path

import pytest

from deploy.local import reach
from deploy.local.postgres import _wheel


def test_copied_programs_find_their_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They look for them by a path relative to themselves; a copy without them cannot start."""
    monkeypatch.setattr(reach, "LASTING", tmp_path)
    copied = reach.shared_copy(_wheel() / "pginstall")
    assert copied.is_relative_to(tmp_path)
    for program in ("initdb", "postgres"):
        said = subprocess.run([copied / "bin" / program, "--version"], check=True, capture_output=True, text=True)
        assert "PostgreSQL" in said.stdout
    assert reach.shared_copy(_wheel() / "pginstall") == copied
