"""The real process of ``manage.py receive_mail``, on the test's database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.sources import ROOT
from tests.factories.answering import ADDRESS, answers_by_mail
from tests.faults.conftest import database_address, until
from tests.mail.conftest import free_port
from tests.mail.lmtp_server import connected


class Receiver:
    """The process of ``manage.py receive_mail``, which can be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log = free_port(), folder / "receive_mail.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hubportal.settings",
            "HUBPORTAL_DEMO": "1",
            "DATABASE_URL": database_address(),
            "HUBPORTAL_STORAGE": str(settings.STORAGE_DIR),
            "HUBPORTAL_ANSWERS_ADDRESS": ADDRESS,
            **more,
        }
        command = [sys.executable, "manage.py", "receive_mail", "--listen", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until(self.answers, what="the receiver's greeting")

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            connected(self.port).close()
        except OSError:
            return False
        return True

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@pytest.fixture
def receiver(tmp_path: Path, transactional_db: None) -> Iterator[Receiver]:
    with answers_by_mail:
        process = Receiver(tmp_path)
        process.start()
        yield process
        if process.process is not None and process.process.poll() is None:
            process.end()
