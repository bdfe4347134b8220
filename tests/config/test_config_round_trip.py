"""Configurations written as TOML and read back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import attrs
from config_strategies import configurations
from hypothesis import given, settings

from switchroom.config import Configuration, diff, dump, parse
from switchroom.config.reader import hints_of
from switchroom.config.toml import TABLES
from switchroom.routing.model import Agent, Membership, Team
from switchroom.routing.queue_model import Queue


@given(configurations())
@settings(max_examples=60, deadline=None)
def test_written_and_read_it_is_equal(configuration: Configuration) -> None:
    """What `dump` writes, `parse` reads back as an equal configuration, and writes again as the same text."""
    text = dump(configuration)
    again = parse(text)
    assert again == configuration
    assert dump(again) == text
    assert diff(configuration, again) == []


@given(configurations())
@settings(max_examples=25, deadline=None)
def test_written_is_toml(configuration: Configuration) -> None:
    """What `dump` writes is TOML of the documented tables, whoever reads it."""
    document = tomllib.loads(dump(configuration))
    assert set(document) <= set(TABLES)
    assert list(document.get("queue", {})) == [queue.id for queue in configuration.queues]


def test_every_field_of_a_spec_is_a_key() -> None:
    """A key of each table is the name of each field of its spec, the id excepted."""
    for kind in (Queue, Agent, Team, Membership):
        assert list(hints_of(kind)) == [field.name for field in attrs.fields(kind) if field.init]


def test_defaults_are_not_written() -> None:
    """A queue with nothing but its id is a table without keys."""
    assert dump(Configuration(queues=[Queue("a.b")])) == 'zone = "UTC"\n\n[queue."a.b"]\n'


def test_file_with_byte_order_mark(tmp_path: Path) -> None:
    """The mark that editors on Windows write does not matter."""
    from switchroom.config import load

    path = tmp_path / "center.toml"
    path.write_bytes(b'\xef\xbb\xbfzone = "Europe/Berlin"\n')
    assert load(path).zone == "Europe/Berlin"
