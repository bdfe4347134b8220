"""Configuration as a file and as Python: TOML to specs, checked as a whole, written back, compared."""

from __future__ import annotations

from switchroom.config.changes import Change, diff
from switchroom.config.model import Configuration
from switchroom.config.toml import load, parse
from switchroom.config.writer import dump
from switchroom.simulation.behaviours import Behaviour, Break, Shift

__all__ = ["Behaviour", "Break", "Change", "Configuration", "Shift", "diff", "dump", "load", "parse"]
