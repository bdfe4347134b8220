"""The command ``switchroom``: imports the sub-command that is wanted, turns errors into words and exit codes."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn, cast

from switchroom.cli.common import BAD_INPUT, BROKEN_PIPE, INTERRUPTED, complain

COMMANDS = {
    "demo": ("switchroom.cli.demo", "route a bundled day and show what came of it"),
    "run": ("switchroom.cli.run", "route traffic of your own with a configuration of your own"),
    "explain": ("switchroom.cli.explain", "why an item went to an agent"),
    "lint": ("switchroom.cli.lint", "check a configuration"),
    "diff": ("switchroom.cli.diff", "compare configurations"),
    "check": ("switchroom.cli.check", "play scenario files"),
    "replay": ("switchroom.cli.replay", "replay a saved log"),
    "report": ("switchroom.cli.report", "report on a log"),
    "log": ("switchroom.cli.log", "look into a log"),
    "estimate-error": ("switchroom.cli.estimate_error", "measure how far off estimated waits are"),
    "simulate": ("switchroom.cli.simulate", "simulate days that are made up"),
    "backtest": ("switchroom.cli.backtest", "try another configuration on traffic as it was"),
    "staff": ("switchroom.cli.staff", "how many agents a target needs"),
    "classify": ("switchroom.cli.classify", "which consent keyword a text is"),
}
"""name -> (module, help). A module has ``add_parser(subparsers)``, which sets ``run``: arguments -> exit code."""

_DESCRIPTION = "Routing for contact centers: which agent handles which work, and when."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``argv`` is the command line without the program's name.

    0: done; 1: done, and problems were found; 2: bad input or usage; 130: interrupted; 141: nobody reads the output.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), "")
    try:
        code = _run(words, name)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has left (`switchroom demo | head`): what Python writes at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    return code


def _run(words: Sequence[str], name: str) -> int:
    from switchroom.errors import SwitchroomError

    try:
        arguments = _parser(name).parse_args(words)
        run = cast("Callable[[object], int]", arguments.run)
        return run(arguments)
    except BrokenPipeError:
        raise
    except SwitchroomError as error:
        complain(f"switchroom {name}: {error.message}")
    except UnicodeDecodeError as error:
        complain(f"switchroom {name}: not UTF-8 text: {error.reason}")
    except OSError as error:
        complain(f"switchroom {name}: {error.filename or ''}: {error.strerror or error}")
    return BAD_INPUT


def _parser(chosen: str) -> ArgumentParser:
    """The parser of the command line, of which only the chosen command is complete."""
    parser = ArgumentParser(prog="switchroom", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"switchroom {_version()}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (module, help) in COMMANDS.items():
        if name == chosen:
            import_module(module).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=help)
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("switchroom")
    except PackageNotFoundError:
        return "not installed"


def script() -> NoReturn:
    """For ``python -m switchroom.cli.main``."""
    sys.exit(main())


if __name__ == "__main__":
    script()
