"""Small rooms, true claims, nothing of a machine: what a reader may rely on."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.settings import known_settings

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = {
    "NotFoundError",
    "ForbiddenError",
    "ConflictError",
    "StaleError",
    "InvalidError",
    "MalformedError",
    "RefusedError",
    "UnauthorisedError",
    "UnconditionalError",
    "problem",
}
HOSTS = r"https?://(files|registry|proxy|repo1?|index|static|deb)\.[a-z0-9.-]+|/simple/?\s*$"
MACHINE = r"(^|[^a-z.A-Z0-9_~-])/(work|root|tmp|home|farm)/[a-z.]"


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file of the product, parsed."""
    for path in tracked("*.py"):
        yield path, ast.parse(path.read_text())


def test_files_are_small_enough_to_see_whole() -> None:
    """A newcomer reads a room at a glance."""
    sizes = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in tracked("*.py")}
    assert [] == [str(path) for path, size in sizes.items() if size > (400 if path.parts[0] == "tests" else 300)]
    assert statistics.median(sizes.values()) <= 120


def test_no_function_is_longer_than_a_screen() -> None:
    """Forty lines, migrations apart, which list tables."""
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path, tree in trees()
        if "migrations" not in path.parts and path.relative_to(ROOT).parts[0] != "tests"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > 40
    ]
    assert [] == long


def test_every_setting_is_documented() -> None:
    """Whoever runs Homeward finds every name in one page."""
    page = (ROOT / "deploy/docs/settings.md").read_text()
    assert [] == [name for name, _ in known_settings() if name not in page]


def test_every_error_code_is_documented_and_has_words() -> None:
    """A code an officer may meet has a page and a text in both languages."""
    codes = {
        given.value
        for path, tree in trees()
        if path.relative_to(ROOT).parts[0] in {"activities", "api"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS
        for given in node.args[: 3 if node.func.id == "problem" else 1]
        if isinstance(given, ast.Constant) and isinstance(given.value, str)
    }
    page = (ROOT / "deploy/docs/errors.md").read_text()
    words = [(ROOT / f"api/locales/{language}/messages.po").read_text() for language in ("vi", "en")]
    assert [] == sorted(
        code for code in codes if f"`{code}`" not in page or any(f'"{code}"' not in text for text in words)
    )


def test_every_code_of_the_commands_is_documented() -> None:
    """Whoever reads the one line a command left behind finds it on the page."""
    raised = {
        ast.unparse(node.args[0]).removeprefix("f").strip("'\"")
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "StackError"
    }
    named = {code for code in raised if "{" not in code}
    in_scripts = {
        code
        for script in ("deploy/prepare", "deploy/run", "deploy/test")
        for code in re.findall(r'die "([a-z-]+):', (ROOT / script).read_text())
    }
    page = (ROOT / "deploy/docs/errors.md").read_text()
    assert len(named) > 20
    assert len(in_scripts) > 3
    assert [] == sorted(code for code in named | in_scripts if f"`{code}`" not in page)


def test_what_the_documents_name_is_there() -> None:
    """A decision that says which test enforces it, and a page that sends to another, can be followed."""
    pages = [ROOT / "README.md", *sorted((ROOT / "deploy/docs").rglob("*.md"))]
    named = {
        (page.name, path)
        for page in pages
        for path in re.findall(r"`((?:activities|workflows|workers|api|tests|deploy)/[\w./-]+)`", page.read_text())
    }
    assert len(named) > 20
    assert [] == sorted((page, path) for page, path in named if not (ROOT / path).exists())


def test_the_readme_names_what_is_there() -> None:
    """Its commands exist, its tree is the tree."""
    readme = (ROOT / "README.md").read_text()
    commands = {path.stem.replace("_", "-") for path in (ROOT / "deploy/commands").glob("*.py")} - {"--init--"}
    table = set(re.findall(r"^\| `homeward ([a-z-]+)`", readme, re.MULTILINE))
    assert commands == table
    for command in ("deploy/run", "deploy/test"):
        assert command in readme
        assert (ROOT / command).stat().st_mode & 0o100
    top = {path.relative_to(ROOT).parts[0] for path in tracked() if not path.relative_to(ROOT).parts[0].startswith(".")}
    tree = readme.split("## The tree")[1].split("```")[1]
    assert top == {
        name.rstrip("/")
        for name in re.findall(r"^(\w+/)|(\S+\.\w+|LICENSE)", tree, re.MULTILINE)
        for name in name
        if name
    }


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE])
def test_no_machine_and_no_registry_is_named(pattern: str) -> None:
    """What is committed runs elsewhere."""
    text = [
        path
        for path in tracked()
        if path.suffix in {".py", ".toml", ".md", ".yaml", ".txt", ".po", ""} and path != Path(__file__)
    ]
    assert [] == [
        str(path.relative_to(ROOT))
        for path in text
        if re.search(pattern, path.read_text(errors="ignore"), re.MULTILINE)
    ]


def test_stories_use_nothing_that_replays_in_another_order() -> None:
    """Task groups, waiting on sets, awaiting in a finally: each broke a replay."""
    bad = []
    for path, tree in trees():
        if path.relative_to(ROOT).parts[0] != "workflows":
            continue
        for node in ast.walk(tree):
            banned = isinstance(node, ast.Attribute) and node.attr in {"TaskGroup", "wait", "as_completed"}
            final = isinstance(node, ast.Try) and any(
                isinstance(each, ast.Await) for part in node.finalbody for each in ast.walk(part)
            )
            bad += (
                [f"{path.name}:{node.lineno}"]
                if (banned or final) and isinstance(node, ast.Attribute | ast.Try)
                else []
            )
    assert [] == bad
