"""``script/setup`` on machines where something is missing; small stubs make up the machine."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.browser import NAMES

TOOLS = ("cat", "dirname", "env", "grep", "mkdir", "mktemp", "mv", "rm", "tail", "uname", "awk", "sh")


class Machine:
    """A folder of commands, and a copy of the project without its virtual environment."""

    def __init__(self, folder: Path) -> None:
        self.commands, self.project = folder / "commands", folder / "the portal"
        self.commands.mkdir()
        shutil.copytree(
            ROOT / "script", self.project / "script", ignore=shutil.ignore_patterns("__pycache__")
        )
        for name in ("requirements.txt", "requirements-dev.txt"):
            shutil.copy2(ROOT / name, self.project / name)
        # All that npm brings is there.
        self.sniffer = self.project / "tests" / "html_codesniffer"
        self.brought = self.sniffer / "node_modules" / "installed-lock.json"
        self.brought.parent.mkdir(parents=True)
        for path in (self.sniffer / "package-lock.json", self.brought):
            shutil.copy2(ROOT / "tests/html_codesniffer/package-lock.json", path)
        for name in TOOLS:
            (self.commands / name).symlink_to(shutil.which(name) or name)

    def has(self, name: str, script: str) -> None:
        """Give the machine a command."""
        path = self.commands / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def has_python(self, *, without: str = "nothing at all") -> None:
        """Give the machine this Python, which finds no module or library of some name."""
        self.has("python3", f"""case "$*" in *"{without}"*) exit 1 ;; esac\nexec '{sys.executable}' "$@" """)

    def has_packages(self) -> None:
        """Give the machine an environment in which all Python packages are installed."""
        python = self.project / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", encoding="utf-8")
        python.chmod(0o755)
        stamps = [
            f"{name} {hashlib.sha256((self.project / name).read_bytes()).hexdigest()}\n"
            for name in ("requirements.txt", "requirements-dev.txt")
        ]
        (self.project / ".venv" / "installed-locks").write_text("".join(stamps), encoding="utf-8")

    def set_up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command from another folder."""
        return subprocess.run(
            [self.project / "script" / "setup", *arguments],
            cwd="/",
            env={"PATH": str(self.commands), "HOME": os.environ.get("HOME", "/")},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine of an ordinary user who may not install anything."""
    machine = Machine(tmp_path)
    machine.has("id", "echo 1000")
    return machine


def test_without_python_it_says_what_to_install(machine: Machine) -> None:
    result = machine.set_up()
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "setup: Python 3.11, 3.12, 3.13 or 3.14 is needed and was not found. Install one"
    )


def test_python_that_is_too_old_is_passed_over(machine: Machine) -> None:
    machine.has_python(without="import ensurepip")
    (machine.commands / "python3").rename(machine.commands / "python3.12")
    machine.has("python3", "exit 1")
    assert "-venv" in machine.set_up().stderr


def test_argument_that_is_unknown_is_refused(machine: Machine) -> None:
    result = machine.set_up("--everything")
    assert (result.returncode, result.stderr) == (
        2,
        "setup: --everything is unknown; it is --development, --checks, --no-browser or nothing\n",
    )


def test_who_may_not_install_is_told_in_one_line_what_to_type(machine: Machine) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    machine.has_python(without="import ensurepip")
    machine.has("apt-get", "exit 1")
    result = machine.set_up()
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        "setup: system packages are missing that only an administrator can install. "
        f"Type: sudo apt-get update && sudo apt-get install -y python{version}-venv\n",
    )


def test_tools_of_the_checks_are_asked_by_the_checks_alone(machine: Machine) -> None:
    machine.has_python(without="import ensurepip")
    machine.has("apt-get", "exit 1")
    assert machine.set_up("--development").stderr.endswith("-venv\n")
    assert machine.set_up("--checks").stderr.endswith("-venv gettext git\n")


@pytest.mark.parametrize(
    ("who", "sudo"),
    [("0", None), ("1000", 'if [ "$1" = -n ]; then shift; fi; exec "$@"')],
)
def test_who_may_install_installs_what_is_missing(
    machine: Machine, tmp_path: Path, who: str, sudo: str | None
) -> None:
    machine.has("id", f"echo {who}")
    machine.has("true", "exit 0")
    if sudo:
        machine.has("sudo", sudo)
    machine.has_python(without="import ensurepip")
    machine.has("apt-get", f'echo "$@" >>\'{tmp_path}/asked\'; [ "$1" = update ] || exit 7')
    result = machine.set_up()
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[0] == "update"
    assert asked[1].startswith("install -y --no-install-recommends python3.")
    # The stand-in refuses, so that nothing is really installed.
    assert (result.returncode, "its last words stand above" in result.stderr) == (1, True)


def test_sudo_that_asks_a_password_is_not_waited_for(machine: Machine) -> None:
    machine.has_python(without="import ensurepip")
    machine.has("apt-get", "exit 0")
    machine.has("sudo", "exit 1")
    assert "only an administrator can install" in machine.set_up().stderr


def test_machine_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    machine.has_python(without="import ensurepip")
    result = machine.set_up()
    assert (result.returncode, "Install them with the package manager of this system" in result.stderr) == (
        1,
        True,
    )


def test_pip_that_fails_says_why(machine: Machine) -> None:
    machine.has_python()
    with (machine.project / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("\n./nowhere ==\n")
    result = machine.set_up()
    assert (result.returncode, result.stderr.splitlines()[-1]) == (
        1,
        "setup: pip could not install requirements.txt; its last words stand above",
    )
    assert "nowhere" in result.stderr
    assert not (machine.project / ".venv" / "installed-locks").exists()


def test_second_time_nothing_is_installed(machine: Machine) -> None:
    machine.has_python()
    # Empty locks, of which all is installed at once; the last proof needs the packages of this environment.
    for name in ("requirements.txt", "requirements-dev.txt"):
        (machine.project / name).write_text("", encoding="utf-8")
    first = machine.set_up("--development")
    assert "installing the Python packages of requirements-dev.txt" in first.stdout
    smaller, again = machine.set_up(), machine.set_up("--development")
    assert "installing" not in smaller.stdout + again.stdout
    (machine.project / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    assert "installing the Python packages of requirements.txt" in machine.set_up().stdout


@pytest.fixture
def bare(machine: Machine, tmp_path: Path) -> Machine:
    """Return a machine of an administrator without Chromium, but with clamd, which logs calls of apt-get."""
    machine.has_packages()
    machine.has("clamd", "exit 0")
    machine.has("id", "echo 0")
    machine.has("apt-get", f"echo \"$@\" >>'{tmp_path}/asked'")
    return machine


def asked(tmp_path: Path) -> list[str]:
    """Return what was asked of apt-get."""
    notes = tmp_path / "asked"
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def test_development_brings_chromium_where_one_may_install_it(bare: Machine, tmp_path: Path) -> None:
    result = bare.set_up("--development")
    assert asked(tmp_path) == ["update", "install -y --no-install-recommends chromium-headless-shell"]
    assert (
        "setup: installing Chromium for the tests in a browser (--no-browser leaves it out)" in result.stdout
    )


@pytest.mark.parametrize("arguments", [(), ("--checks",), ("--development", "--no-browser")])
def test_chromium_is_brought_to_the_tests_alone(bare: Machine, tmp_path: Path, arguments) -> None:
    for tool in ("xgettext", "git"):
        bare.has(tool, "exit 0")
    result = bare.set_up(*arguments)
    assert (asked(tmp_path), result.stdout) == ([], "setup: ready\n")


def test_where_the_lean_browser_is_not_to_be_had_the_whole_one_is_brought(
    bare: Machine, tmp_path: Path
) -> None:
    bare.has("apt-get", f"""echo "$@" >>'{tmp_path}/asked'; case "$*" in *-shell) exit 100 ;; esac""")
    result = bare.set_up("--development")
    assert asked(tmp_path)[2:] == ["update", "install -y --no-install-recommends chromium"]
    assert (result.returncode, result.stderr, "skipped" in result.stdout) == (0, "", False)


@pytest.mark.parametrize("name", NAMES)
def test_browser_that_is_there_is_enough(bare: Machine, tmp_path: Path, name: str) -> None:
    bare.has(name, "exit 0")
    bare.set_up("--development")
    assert asked(tmp_path) == []


@pytest.mark.parametrize("refused", [False, True])
def test_the_lean_browser_is_brought_beside_another_where_it_is_offered(
    bare: Machine, tmp_path: Path, refused: bool
) -> None:
    bare.has("chromium", "exit 0")
    bare.has("apt-cache", f'[ "$*" = "show {NAMES[0]}" ]')
    bare.has("apt-get", f"""echo "$@" >>'{tmp_path}/asked'; {"exit 100" if refused else ""}""")
    result = bare.set_up("--development")
    assert asked(tmp_path)[-1] == ("update" if refused else f"install -y --no-install-recommends {NAMES[0]}")
    said = f"setup: apt-get could not install {NAMES[0]}, so the tests use the Chromium that is here"
    assert (result.returncode, said in result.stdout) == (0, refused)


def test_who_has_the_lean_browser_or_may_not_install_is_not_asked_for_it(
    bare: Machine, tmp_path: Path
) -> None:
    bare.has("apt-cache", "exit 0")
    bare.has("chromium", "exit 0")
    bare.has("id", "echo 1000")
    assert bare.set_up("--development").stdout == "setup: ready\n"
    bare.has("id", "echo 0")
    bare.has(NAMES[0], "exit 0")
    assert bare.set_up("--development").stdout == "setup: ready\n"
    assert asked(tmp_path) == []


def test_who_may_not_install_chromium_is_told_what_to_type_and_goes_on(bare: Machine) -> None:
    bare.has("id", "echo 1000")
    result = bare.set_up("--development")
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "setup: no Chromium, so tests in a browser will be skipped. "
        "To bring it, type: sudo apt-get update && sudo apt-get install -y chromium\nsetup: ready\n",
        "",
    )


def test_chromium_that_cannot_be_installed_stops_nothing_else(bare: Machine) -> None:
    bare.has("apt-get", "echo 'E: Unable to locate package chromium'; exit 100")
    result = bare.set_up("--development")
    assert (result.returncode, result.stdout.splitlines()[1:], result.stderr) == (
        0,
        ["setup: apt-get could not install chromium, so tests in a browser will be skipped", "setup: ready"],
        "E: Unable to locate package chromium\n",
    )


def test_development_brings_the_virus_scanner_or_says_what_to_type(bare: Machine, tmp_path: Path) -> None:
    bare.has(NAMES[0], "exit 0")
    (bare.commands / "clamd").unlink()
    assert bare.set_up("--development", "--no-browser").stdout == "setup: ready\n"
    result = bare.set_up("--development")
    assert asked(tmp_path) == ["update", "install -y --no-install-recommends clamav-daemon"]
    said = "setup: installing clamav-daemon for the tests that ask a real virus scanner (--no-browser leaves it out)"
    assert result.stdout.splitlines() == [said, "setup: ready"]
    bare.has("apt-get", "exit 100")
    assert bare.set_up("--development").stdout.splitlines()[1:] == [
        "setup: apt-get could not install clamav-daemon, so tests that ask a real virus scanner will be skipped",
        "setup: ready",
    ]
    bare.has("id", "echo 1000")
    assert bare.set_up("--development").stdout.splitlines() == [
        "setup: no clamd, so tests that ask a real virus scanner will be skipped. "
        "To bring it, type: sudo apt-get update && sudo apt-get install -y clamav-daemon",
        "setup: ready",
    ]
    # It is there, where only administrators find it.
    bare.has("clamdtop", "exit 0")
    assert bare.set_up("--development").stdout == "setup: ready\n"


@pytest.mark.parametrize("older", [True, False])
def test_npm_brings_what_reads_pages_once(bare: Machine, tmp_path: Path, older: bool) -> None:
    bare.has(NAMES[0], "exit 0")
    if older:
        bare.brought.write_text("{}", encoding="utf-8")
    else:
        shutil.rmtree(bare.brought.parent)
    bare.has("npm", f"""echo "$1 $3" >>'{tmp_path}/asked'; mkdir -p "$3/node_modules" """)
    said = "setup: bringing HTML_CodeSniffer for the tests in a browser (--no-browser leaves it out)\n"
    assert bare.set_up("--development", "--no-browser").stdout == "setup: ready\n"
    for told in (said, ""):
        assert bare.set_up("--development").stdout == f"{told}setup: ready\n"
    assert asked(tmp_path) == ["ci tests/html_codesniffer"]


@pytest.mark.parametrize(
    ("npm", "said"),
    [("", "setup: no npm, so HTML_CodeSniffer reads no page"), ("exit 1", "npm could not bring")],
)
def test_without_what_reads_pages_it_says_so_and_goes_on(bare: Machine, npm: str, said: str) -> None:
    bare.has(NAMES[0], "exit 0")
    bare.brought.unlink()
    if npm:
        bare.has("npm", npm)
    result = bare.set_up("--development")
    assert (result.returncode, said in result.stdout, result.stderr) == (0, True, "")
    assert not bare.brought.exists()


def test_tests_and_setup_know_the_same_browsers() -> None:
    setup = (ROOT / "script" / "setup").read_text(encoding="utf-8")
    assert f"for name in {' '.join(NAMES)}; do" in setup
