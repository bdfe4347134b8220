"""The page on metrics defines every column of every view."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from switchroom.cli.report import VIEWS

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "metrics.md").read_text(encoding="utf-8")
NAMES = {"start", "queue", "medium", "channel", "division", "agent", "team", "line", "form", "campaign", "worktype",
         "skill", "journey", "kind", "id", "item", "started", "ended"}  # fmt: skip
"""What rows are grouped by, or are about."""


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "attempts"])
def test_every_column_is_defined(view: str) -> None:
    """Attempts are defined where campaigns are."""
    columns = {field.name for field in attrs.fields(VIEWS[view][0])} - NAMES
    assert [name for name in sorted(columns) if f"`{name}`" not in PAGE] == []
