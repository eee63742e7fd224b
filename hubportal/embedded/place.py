"""Where the embedded servers keep their data, and as whom they run."""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
# PostgreSQL refuses to run as root; this account exists everywhere and owns nothing.
UNPRIVILEGED = "nobody"
# A socket's path may hold about 107 bytes; this leaves room for the server's own file names.
MAX_SOCKET_FOLDER_LENGTH = 80


class EmbeddedServerError(Exception):
    """An embedded server cannot be started; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """A run folder of our own and the account its servers run as (``None``: the current one)."""

    project: Path
    folder: Path
    account: str | None
    clone_is_enterable: bool

    def owned_folder(self, *names: str) -> Path:
        """Return a private folder below the run folder, made when absent, owned by the servers' account."""
        path = self.folder
        for name in names:
            path = path / name
            if not path.exists():
                path.mkdir(mode=0o700)
                if self.account:
                    shutil.chown(path, self.account)
        return path

    def socket_folder(self) -> Path:
        """Return a folder short enough for a socket's path."""
        inside = self.owned_folder("socket")
        if len(str(inside)) <= MAX_SOCKET_FOLDER_LENGTH:
            return inside
        return _private_folder(Path("/tmp") / f"hubportal-{_fingerprint(self.project)}", self.account)

    def secret(self, name: str) -> str:
        """Return a random password, made once and kept readable for its owner only."""
        path = self.folder / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
            if self.account:
                shutil.chown(path, self.account)
        return path.read_text()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command as the servers' account, in the run folder, and return what it said."""
        return subprocess.run(
            [str(each) for each in command],
            user=self.account,
            group=_group(self.account),
            extra_groups=[] if self.account else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


def find_place(project: Path = PROJECT) -> Place:
    """Return the run folder: in the project, or under /var/tmp where root's servers cannot enter that."""
    inside = project / ".run"
    if os.geteuid() != 0:
        return Place(project, _private_folder(inside, None), None, clone_is_enterable=True)
    if _can_enter(project, UNPRIVILEGED) and _can_enter(Path(sys.prefix), UNPRIVILEGED):
        return Place(project, _private_folder(inside, UNPRIVILEGED), UNPRIVILEGED, clone_is_enterable=True)
    outside = Path("/var/tmp") / f"hubportal-{_fingerprint(project)}"
    if not outside.exists():
        print(
            f"hubportal: the database may not run as root and its account cannot enter {project}; "
            f"its programs and data go to {outside}",
            file=sys.stderr,
        )
    return Place(project, _private_folder(outside, UNPRIVILEGED), UNPRIVILEGED, clone_is_enterable=False)


def _fingerprint(project: Path) -> str:
    """Return a short name for this project and this person, so that two clones never share a server."""
    return hashlib.sha256(f"{project}:{os.geteuid()}".encode()).hexdigest()[:12]


def _private_folder(path: Path, account: str | None) -> Path:
    """Return the folder, made when absent; refuse one that somebody else made before us."""
    owner = pwd.getpwnam(account).pw_uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        os.chown(path, owner, -1)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise EmbeddedServerError(
            f"{path} belongs to somebody else; remove it, or set DATABASE_URL and REDIS_URL"
        )
    path.chmod(0o700)
    return path


def _can_enter(path: Path, account: str) -> bool:
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)],
        user=account,
        group=_group(account),
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return probe.returncode == 0


def _group(account: str | None) -> int | None:
    return pwd.getpwnam(account).pw_gid if account else None
