"""How the documentation is built: ``sphinx-build -W -b html docs build`` with ``pip install ".[docs]"``."""

from __future__ import annotations

from importlib.metadata import version as installed

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "Switchroom"
author = "The Switchroom maintainers"
release = installed("switchroom")
version = ".".join(release.split(".")[:2])

extensions = ["myst_parser"]
exclude_patterns = ["build"]
html_theme = "furo"
html_title = f"{project} {release}"
myst_heading_anchors = 3
myst_links_external_new_tab = True
pygments_style = "friendly"

CONTENTS = {
    "Tutorials": "tutorials/*",
    "How to": "how-to/*",
    "Examples": "examples/*",
    "Coming from": "coming-from/*",
    "Reference": "glossary\nreference/*",
    "Explanation": "explanation/*",
}
"""Caption -> pages. Not written into the index, which people read on other sites, too."""


def _add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    if name != "index":
        return
    for caption, pages in CONTENTS.items():
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n:caption: {caption}\n\n{pages}\n```\n"


def setup(app: Sphinx) -> None:
    """Diagrams are shown as they are written."""
    app.add_lexer("mermaid", TextLexer)
    app.connect("source-read", _add_contents)
