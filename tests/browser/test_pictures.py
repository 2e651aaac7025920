"""The pictures of the README: each taken as the command takes it, of a stack the other stories run on.

The rehearsal that the command plays before is told in `tests/deploy/test_rehearsal.py`: with it this would take minutes.
"""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser

from deploy.commands import screenshots
from deploy.local.errors import StackError
from deploy.local.supervisor import Stack

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]
README = Path(__file__).parents[2] / "README.md"


async def test_each_picture_shows_the_page_it_is_named_for(staged: Stack, browser: Browser, tmp_path: Path) -> None:
    """In its size, full of letters, none like another; and the README shows these and no others."""
    seen = set[bytes]()
    for name, username, path, size in screenshots.PICTURES:
        file = tmp_path / f"{name}.png"
        await screenshots._photograph(browser, staged, file, username, path, size)
        with Image.open(file) as picture:
            assert (size["width"], size["height"]) == picture.size
            assert len(picture.convert("L").getcolors() or ()) > 50, name
            seen.add(picture.tobytes())
        assert f"deploy/docs/pictures/{name}.png" in README.read_text()
    assert len(screenshots.PICTURES) == len(seen) == README.read_text().count("deploy/docs/pictures/")


async def test_no_picture_is_taken_of_a_page_that_is_not_there(staged: Stack, browser: Browser, tmp_path: Path) -> None:
    """An officer's account that leads elsewhere, or an address that is gone, ends the command with its reason."""
    file = tmp_path / "wrong.png"
    for username, path in (("medical-centre.officer", "/administration"), ("administrator", "/nowhere")):
        with pytest.raises(StackError, match="picture-without-page"):
            await screenshots._photograph(browser, staged, file, username, path, screenshots.WIDE)
    assert not file.exists()
