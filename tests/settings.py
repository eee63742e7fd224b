"""The portal's settings for tests: servers as the portal's own, everything that is kept apart from a running demo."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from hubportal import embedded

# The demo is tried too; its clock moves only where a test says so.
os.environ["HUBPORTAL_DEMO"] = "1"
# Pages are tested as people see them, independent of the environment of the shell.
os.environ.pop("HUBPORTAL_DEBUG", None)
# Tests that scan bring a scanner of their own.
os.environ.pop("HUBPORTAL_CLAMAV", None)
# Before the portal's settings read the addresses. The workers of a run inherit them and start nothing.
embedded.provide()

from hubportal.settings import *  # noqa: E402, F403
from hubportal.settings import DATABASES, REDIS_URL, STORAGES  # noqa: E402

# One run of the tests: the process that began it, and a folder for what it writes.
TEST_RUN = os.environ.setdefault("HUBPORTAL_TEST_RUN", str(os.getpid()))
TEST_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
if "HUBPORTAL_TEST_FOLDER" not in os.environ:
    os.environ["HUBPORTAL_TEST_FOLDER"] = tempfile.mkdtemp(prefix="hubportal-tests-")


def _remove_folder() -> None:
    if str(os.getpid()) == TEST_RUN:
        shutil.rmtree(os.environ["HUBPORTAL_TEST_FOLDER"], ignore_errors=True)


atexit.register(_remove_folder)

# What a test writes need not survive a power cut.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"

STORAGE_DIR = Path(os.environ["HUBPORTAL_TEST_FOLDER"]) / TEST_WORKER
STORAGE_DIR.mkdir(exist_ok=True)
# Two processes of tests would wait for each other, and be told that the portal is busy.
INSPECTION_FOLDER = STORAGE_DIR
# Empty but there: the server of static files warns of a folder that is missing.
STATIC_ROOT = STORAGE_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    **STORAGES,
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORAGE_DIR / "files", "base_url": None},
    },
    # Pages are tried without collecting static files first.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_FILE_PATH = str(STORAGE_DIR / "mails")

# Another logical database than the demo's, and a prefix per worker: several runs may go on at once.
_VALKEY = REDIS_URL.rpartition("/")[0] + "/1"
_PREFIX = f"tests-{TEST_RUN}-{TEST_WORKER}"
CACHES = {"default": {"BACKEND": "tests.cache.OwnKeysCache", "LOCATION": _VALKEY, "KEY_PREFIX": _PREFIX}}
CELERY_BROKER_URL = _VALKEY
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{_PREFIX}-jobs:", "visibility_timeout": 3600}

# A world is asked everything in one session, which takes longer than people may wait before they give an account.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600

# Argon2 is slow by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
