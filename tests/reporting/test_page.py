"""The page: one file that loads nothing, looked at in a real browser, wide and narrow, and printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest

from switchroom.cli.demo import bundled
from switchroom.cli.job import carry_out
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.page import html_report
from switchroom.reporting.where import Where

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PROBE = """<script>addEventListener("load", () => {
  const wide = innerWidth, over = [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > wide + 1 || e.getBoundingClientRect().left < -1).length;
  const small = [...document.querySelectorAll("svg text")].filter(e => e.getBoundingClientRect().height < 9).length;
  parent.document.title = `width ${wide} page ${document.documentElement.scrollWidth} over ${over} small ${small}`;
})</script>"""
"""Says in the title how wide the page is, what sticks out of the window, and what is too small to read."""


@pytest.fixture(scope="module")
def page() -> str:
    """The bundled day."""
    outcome = carry_out(bundled(), quiet=True)
    ledger = Ledger.of(outcome.center.events())
    return html_report(
        ledger,
        Where(until=outcome.job.until),
        zone="Europe/Berlin",
        title="A <b>day</b>",
    )


def browse(page: Path, *options: str) -> str:
    """Run a browser on a page; skipped where there is none, but not where everything must be there."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Chromium: apt-get install chromium")
    assert found is not None, "no Chromium"
    fixed = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
    )
    own = f"--user-data-dir={page.parent / 'profile'}"
    done = subprocess.run(
        [found, *fixed, own, *options, page.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode()


def test_the_page_needs_nothing_else(page: str) -> None:
    """No address, no script, no file; names are text and never markup."""
    assert not re.search(r"https?://|<script|<link|<img|src=|url\(|@import", page)
    assert "A &lt;b&gt;day&lt;/b&gt;" in page
    assert "<b>day</b>" not in page
    assert page.count("<svg ") == 6
    assert page.count('role="img" aria-label=') == 6
    for heading in ("Queues", "Agents", "Skills", "Wrap-up codes", "Transfers"):
        assert f"<h2>{heading}</h2>" in page
    assert "nan" not in page.lower().replace("finance", "")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_a_window(page: str, width: int, tmp_path: Path) -> None:
    """On a phone and on a desk nothing sticks out, nothing is too small, and nobody scrolls sideways."""
    file = tmp_path / "page.html"
    # In a frame, because the windows of browsers are not made as narrow as a phone.
    inner = escape(page.replace("</body>", f"{PROBE}</body>"))
    frame = f'<iframe style="border:0;width:{width}px;height:900px" srcdoc="{inner}"></iframe>'
    file.write_text(
        f"<!doctype html><meta charset=utf-8><title>not loaded</title>{frame}",
        encoding="utf-8",
    )
    seen = browse(file, "--window-size=1400,1000", "--virtual-time-budget=3000", "--dump-dom")
    title = re.search(r"<title>width (\d+) page (\d+) over (\d+) small (\d+)</title>", seen)
    assert title is not None, seen[:300]
    wide, whole, over, small = map(int, title.groups())
    assert wide == width
    assert whole <= wide
    assert over == 0
    assert small == 0


def test_the_page_prints(page: str, tmp_path: Path) -> None:
    """The browser's print makes a PDF of a few pages."""
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    browse(file, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    printed = (tmp_path / "page.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 8


def test_a_page_about_nothing() -> None:
    """A log in which nothing happened makes a page, too."""
    assert "No work came in." in html_report(Ledger())
