"""Which Homeward this is."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """The installed version, or that of the source this runs from."""
    try:
        return metadata.version("homeward")
    except metadata.PackageNotFoundError:
        source = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(source.read_text())["project"]["version"])
