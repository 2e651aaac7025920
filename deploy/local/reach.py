"""Folders that a user other than root can reach, for a database server that refuses to run as root."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from deploy.local.errors import StackError

LASTING = Path("/var/tmp")  # noqa: S108 - the one shared folder that outlives a restart; `_ours` refuses a name that somebody else made in it
PREFIX = "homeward-postgres-"


def others_reach(path: Path) -> bool:
    """Every user may pass through to `path` and enter it."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))


def home_for(folder: Path) -> Path:
    """`folder` itself when others reach it, else a folder of ours that they do, written down in `folder` as `where`.

    A folder among the temporary files gets a temporary one, removed some time after it.
    """
    where = folder / "where"
    if where.exists():
        return _ours(Path(where.read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    if others_reach(folder):
        return folder
    temporary = Path(tempfile.gettempdir())
    passing = folder.is_relative_to(temporary)
    if passing:
        _sweep(temporary)
    home = (temporary if passing else LASTING) / (PREFIX + _short(str(folder)))
    if home.exists():
        shutil.rmtree(_ours(home))  # of a data folder of this name that was thrown away
    _ours(home)
    (home / "for").write_text(str(folder))
    where.write_text(str(home))
    return home


def shared_copy(installed: Path) -> Path:
    """A copy of the server's programs that others reach; made once for each version of them.

    `installed` is a folder of a package; the package's `.libs` beside it are found from the programs by relative path,
    so both are copied as they stand to one another.
    """
    package, version = installed.parent, installed.stat()
    home = _ours(LASTING / f"homeward-programs-{_short(f'{installed} {version.st_mtime_ns}')}")
    whole = home / "whole"
    if not whole.exists():
        fresh = Path(tempfile.mkdtemp(dir=home))
        fresh.chmod(0o755)
        shutil.copytree(installed, fresh / package.name / installed.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        try:
            fresh.rename(whole)
        except OSError:
            if not whole.exists():
                raise
            shutil.rmtree(fresh)
    return whole / package.name / installed.name


def _ours(home: Path) -> Path:
    """Made, or made by us before: a name in a shared folder could be another user's trap."""
    home.mkdir(mode=0o711, exist_ok=True)
    known = home.lstat()
    if not stat.S_ISDIR(known.st_mode) or known.st_uid != os.geteuid():
        raise StackError("folder-not-ours", f"{home.name} among the temporary files is another user's: remove it")
    home.chmod(0o711)
    return home


def _sweep(temporary: Path) -> None:
    """Remove the temporary homes whose folder is gone."""
    for marker in temporary.glob(f"{PREFIX}*/for"):
        if marker.lstat().st_uid == os.geteuid() and not Path(marker.read_text()).exists():
            shutil.rmtree(marker.parent, ignore_errors=True)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
