"""Every patch in the stories is registered, with the day and the reason."""

import ast
from pathlib import Path

import workflows
from workflows.patches import PATCHES

PATCHING = {"patched", "deprecate_patch"}


def _given(source: str) -> list[str]:
    """The patch ids a source names; an id that is no literal is told as it stands, and so is found in no register."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        str(call.args[0].value) if isinstance(call.args[0], ast.Constant) else ast.unparse(call.args[0])
        for call in calls
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in PATCHING
    ]


def test_every_patch_of_the_stories_is_in_the_register_and_back() -> None:
    """Nobody removes a patch while a journey older than it may be open, nor leaves one without a reason."""
    used = {each for path in Path(workflows.__path__[0]).rglob("*.py") for each in _given(path.read_text())}
    assert {patch.id for patch in PATCHES} == used
    assert all(patch.reason for patch in PATCHES)


def test_a_patch_without_an_entry_would_be_found() -> None:
    """Also one whose id is put together."""
    assert ["a-b", "name + 'x'"] == _given('workflow.patched("a-b")\npatched(name + "x")')
