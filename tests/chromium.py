"""Finds the system's Chromium. `python -m tests.chromium` succeeds where there is one."""

import os
import shutil
import sys


def find_chromium() -> str | None:
    """The program's path: CHROMIUM if set, else the first on the PATH."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


if __name__ == "__main__":
    sys.exit(find_chromium() is None)
