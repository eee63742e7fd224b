"""A real Postfix with the lines of the README, on ports and in folders of its own; nothing of the machine's own mail server is touched."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.sources import ROOT
from tests.faults.conftest import until
from tests.mail.conftest import free_port
from tests.mail.lmtp_server import connected
from tests.skipping import NEEDS

POSTFIX = shutil.which("postfix", path="/usr/sbin:/usr/local/sbin:/usr/bin")
LACKS = f"{NEEDS}root and Postfix, the mail server itself (Debian: apt-get install postfix)"
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.postbus.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = postbus.example
virtual_mailbox_base = {folder}
virtual_mailbox_maps = inline:{{ {{ bounces@postbus.example = returned/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = smtp:[127.0.0.1]:{others}
smtp_host_lookup = native
disable_dns_lookups = yes
notify_classes =
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
"""


class MailServer(NamedTuple):
    """A Postfix that runs: where it takes mails, its log, its queue, and the Maildir of what came back."""

    port: int
    folder: Path

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def returned(self) -> Path:
        return self.folder / "returned"

    def is_empty(self) -> bool:
        """Tell whether no mail waits to be delivered."""
        waiting = (self.folder / "queue" / name for name in ("incoming", "active", "deferred"))
        return not any(path.is_file() for queue in waiting for path in queue.rglob("*"))


def lines_of_readme(*, domain: str, port: int) -> str:
    """Return the lines for ``main.cf`` that the README gives, for another domain and port."""
    [lines] = re.findall(r"\n```\n(relay_domains.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return lines.replace("answers.example.nl", domain).replace(":8024", f":{port}")


@contextmanager
def running_postfix(*, answers: str, to: int, others: int) -> Iterator[MailServer]:
    """Run Postfix, which hands mails at the domain ``answers`` over at the port ``to``, and all others at the port ``others``."""
    if POSTFIX is None or os.geteuid() != 0:
        pytest.skip(LACKS)
    folder, port, owner = (
        Path(tempfile.mkdtemp(prefix="hubportal-postfix-")),
        free_port(),
        pwd.getpwnam("postfix"),
    )
    # Its processes look in from accounts of their own.
    folder.chmod(0o755)
    for name in ("data", "returned"):
        (folder / name).mkdir()
        shutil.chown(folder / name, "postfix", "postfix")
    (folder / "queue").mkdir()
    own = _MAIN.format(folder=folder, uid=owner.pw_uid, gid=owner.pw_gid, others=others)
    (folder / "main.cf").write_text(own + lines_of_readme(domain=answers, port=to))
    (folder / "master.cf").write_text(_MASTER.format(port=port))
    command = [POSTFIX, "-c", str(folder)]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        until(lambda: _greets(port), what="the greeting of Postfix")
        yield MailServer(port, folder)
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True)
        shutil.rmtree(folder)


def _greets(port: int) -> bool:
    try:
        connected(port).close()
    except OSError:
        return False
    return True
