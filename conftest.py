"""The environment of every test: a home of its own, and the database that MOOTHALL_TEST_DATABASE names."""

import gc
import os
import tempfile

import django

gc.disable()  # while all is read that is there for the whole run: `pytest_collection_finish` lets it begin

_DATABASE = os.environ.get("MOOTHALL_TEST_DATABASE", "sqlite")
_NAME = os.environ.get("MOOTHALL_TEST_DB", "test_moothall")

for _option in [name for name in os.environ if name.startswith("MOOTHALL_") and "TEST" not in name]:
    del os.environ[_option]
os.environ["MOOTHALL_HOME"] = tempfile.mkdtemp(prefix="moothall-test-")
os.environ["MOOTHALL_SECRET_KEY"] = "for tests only: fifty characters that guard nothing at all"  # noqa: S105
os.environ["HOME"] = os.environ["MOOTHALL_HOME"]
if _DATABASE == "postgresql":
    _server = os.environ.get("MOOTHALL_TEST_SERVER", "root@127.0.0.1:5432")
    os.environ["MOOTHALL_DATABASE_URL"] = f"postgresql://{_server}/{_NAME.removeprefix('test_')}"
    os.environ["MOOTHALL_DATABASE_ROLE"] = f"{_NAME}_role"
os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("MOOTHALL_TEST_SETTINGS", "moothall.config.settings")

django.setup()


def pytest_collection_finish() -> None:
    """Let rubbish be looked for from here on, and not among what stays."""
    gc.freeze()
    gc.enable()
