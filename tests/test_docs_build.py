"""The documentation builds without a warning."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from sphinx.application import Sphinx

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.filterwarnings("default")  # Sphinx and its extensions have deprecations of their own
def test_the_documentation_builds_without_warnings(tmp_path: Path) -> None:
    """Every page is in a table of contents, every link leads somewhere, every block is understood."""
    warnings = StringIO()
    app = Sphinx(
        srcdir=DOCS,
        confdir=DOCS,
        outdir=tmp_path / "html",
        doctreedir=tmp_path / "trees",
        buildername="dummy",
        status=None,
        warning=warnings,
        freshenv=True,
    )
    app.build()
    assert warnings.getvalue() == ""
    assert {"index", "glossary", "tutorials/help-desk"} <= app.project.docnames
