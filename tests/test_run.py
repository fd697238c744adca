"""The entry script's plain refusals, and that the lock is what the project asks for."""

import os
import re
import socket
import subprocess
import tomllib
from pathlib import Path

import django
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXPORTS = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-dev.txt": PROJECT["project"]["dependencies"]
    + PROJECT["dependency-groups"]["dev"],
    "requirements-postgres.txt": PROJECT["dependency-groups"]["postgres"],
}


def run(*arguments, **environment):
    return subprocess.run(
        [ROOT / "run", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def pins(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    return {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)}


def test_run_help_names_every_command():
    done = run("help")

    assert done.returncode == 0
    assert re.findall(r"^\./run (\w+)", done.stdout, re.M) == [
        "demo",
        "test",
        "bench",
        "manage",
        "help",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve"], './run does not know "serve".\n'),
        (["demo", "--prot", "8"], './run demo does not know "--prot"; it takes --port N.\n'),
        (["demo", "--port"], "--port needs a number from 1 to 65535.\n"),
        (["demo", "--port", "http"], "--port needs a number from 1 to 65535.\n"),
        (["demo", "--port", "70000"], "--port needs a number from 1 to 65535.\n"),
    ],
)
def test_run_refuses_what_it_does_not_know_in_one_sentence(arguments, sentence):
    done = run(*arguments)

    assert done.returncode == 1
    assert done.stderr.endswith(sentence)


def test_run_without_python_says_so(tmp_path):
    for program in ("bash", "dirname"):
        (tmp_path / program).symlink_to(f"/usr/bin/{program}")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "run").write_bytes((ROOT / "run").read_bytes())

    done = subprocess.run(
        ["/bin/bash", checkout / "run", "demo"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (
        1,
        "python3 is missing: install Python 3.11 or newer.\n",
    )


def test_demo_on_a_port_in_use_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = run("demo", "--port", str(port))

    assert done.returncode == 1
    assert done.stderr.endswith(
        f"Port {port} is in use (or not allowed): choose another with ./run demo --port N.\n"
    )


@pytest.mark.parametrize("file", EXPORTS)
def test_exported_requirements_are_the_lock_and_within_the_project(file):
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {p["name"]: p["version"] for p in lock["package"] if "version" in p}

    exported = pins(file)

    assert exported.items() <= locked.items()
    for asked in map(Requirement, EXPORTS[file]):
        assert exported[canonicalize_name(asked.name)] in asked.specifier


def test_development_has_the_versions_that_production_has():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_env_example_names_every_variable_that_the_settings_read():
    settings = (ROOT / "pledgeportal" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.M)) == set(
        re.findall(r"""\benv(?:\.\w+)?\(\s*"(\w+)\"""", settings)
    )


def test_django_has_the_security_fixes_of_its_floor():
    assert (5, 2, 19) <= django.VERSION[:3] < (5, 3)
