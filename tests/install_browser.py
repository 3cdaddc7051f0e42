"""Finds a Chromium for the browser test, or installs one the way the machine allows."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_HELP = """\
The browser test needs Chromium. There is none here, and installing one failed. Install it, then run this again:
  Debian              sudo apt-get install chromium
  Ubuntu              sudo snap install chromium
  Fedora              sudo dnf install chromium
  macOS               brew install --cask chromium
  with Playwright     {python} -m playwright install --with-deps chromium"""


def find_browser() -> str | None:
    """The path of a Chromium that starts: the system's, else Playwright's own; None when there is neither."""
    found = [path for command in _COMMANDS if (path := shutil.which(command))]
    candidates = [*found, *filter(os.path.exists, _MAC_APPS)]
    # Asking Playwright takes a second, so only when the system has none.
    return next(filter(_starts, candidates), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and _starts(path) else None


@cache
def _starts(path: str) -> bool:
    """Whether it runs: Ubuntu's `chromium-browser` may be a stub, and Playwright's may lack system libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_browser() -> str | None:
    """The path of a Chromium, installed if need be: with apt-get as root, else by Playwright; None when both fail."""
    apt = shutil.which("apt-get") if os.geteuid() == 0 else None
    playwright = [sys.executable, "-m", "playwright", "install", "--no-shell"]
    ways = [
        *([[apt, "update"], [apt, "install", "-y", "--no-install-recommends", "chromium"]] if apt else []),
        [*playwright, *(["--with-deps"] if apt else []), "chromium"],
    ]
    for way in ways:
        if browser := find_browser():
            return browser
        print("Installing Chromium for the browser test:", " ".join(way), flush=True)
        subprocess.run(way, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False)
        _starts.cache_clear()
    return find_browser()


if __name__ == "__main__":
    if install_browser() is None:
        sys.exit(_HELP.format(python=sys.executable))
