"""The command that classifies texts."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from switchroom.cli.classify import run


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_one_answer_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text file gets one answer a line, readable."""
    file = tmp_path / "inbox.txt"
    file.write_bytes(b"\xef\xbb\xbfSTOP\r\nhello\r\n\r\nplease take me off\n")
    assert run([str(file)]) == 0
    answers = lines_of(capsys)
    assert [line.split()[0] for line in answers] == ["opt_out", "none", "none", "opt_out"]
    assert "take me off" in answers[3]


@pytest.mark.parametrize("name", ["inbox.jsonl", "inbox.data"])
def test_json_lines(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON lines are told by the name or by the first brace; the answers are objects of four fields."""
    file = tmp_path / name
    rows = [{"text": "stop pls", "id": 7}, {"text": "red", "language": "tr"}, {"text": "hi"}]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    assert run(["--json", str(file)]) == 0
    answers = [json.loads(line) for line in lines_of(capsys)]
    assert answers[0] == {"decision": "opt_out", "rule": "polite", "matched": ["stop"], "scope": "sender_pool"}
    assert [answer["decision"] for answer in answers] == ["opt_out", "opt_out", "none"]


def test_mode_and_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The mode and the language are the caller's to set."""
    file = tmp_path / "inbox.txt"
    file.write_text("please stop\nred\n", encoding="utf-8")
    assert run(["--mode", "single_word", str(file)]) == 0
    assert run(["--language", "tr", str(file)]) == 0
    assert [line.split()[0] for line in lines_of(capsys)] == ["none", "none", "opt_out", "opt_out"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``-`` reads standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"STOP\n")))
    assert run(["-"]) == 0
    assert lines_of(capsys)[0].startswith("opt_out")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"text": "hi"}\n{"text": \n', "line 2: is not JSON"),
        (b'{"text": "hi"}\n[1]\n', "line 2: must be a JSON object"),
        (b'{"text": 5}\n', "line 1: field `text` must be a string"),
        (b'{"id": 5}\n', "line 1: field `text` must be a string"),
        (b'{"text": "a", "language": 5}\n', "line 1: field `language` must be a string"),
        (b"fine\nST\xffOP\n", "line 2: is not UTF-8: byte 0xff at column 3"),
        (b"[" * 100_000, "none"),
    ],
)
def test_bad_lines_name_themselves(
    content: bytes, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad line is named with its number, the exit code is 2, and no answer is given at all."""
    file = tmp_path / "inbox.data"
    file.write_bytes(content)
    code = run([str(file)])
    out, err = capsys.readouterr()
    if problem == "none":
        assert code == 0
        assert out.startswith("none")
    else:
        assert code == 2
        assert problem in err
        assert out == ""


def test_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read is said so."""
    assert run(["/nowhere/at/all"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_terminals_are_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of a text do not reach the terminal."""
    file = tmp_path / "inbox.txt"
    file.write_bytes(b"\x1b[2Jhello\n")
    assert run([str(file)]) == 0
    assert "\x1b" not in capsys.readouterr().out
