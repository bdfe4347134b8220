"""Contact lists: what people have in their files comes in, and what does not says why."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outbound.office import number, someone
from switchroom import ContactCenter, ManualClock
from switchroom.errors import InvalidInput, NotAllowed, UnknownId
from switchroom.outbound.chunks import ROWS
from switchroom.outbound.keytable import KeyTable
from switchroom.outbound.list_csv import plain_cell, safe_cell
from switchroom.outbound.list_model import Column, ContactList, column_name
from switchroom.storage.sqlite import SqliteStorage


@pytest.fixture
def center() -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.lists.save(ContactList("people", address="phone", columns=["name", "phone"]))
    return center


def exported(center: ContactCenter, list: str = "people") -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    center.lists.export(list, file)
    return [*csv.DictReader(io.StringIO(file.getvalue(), newline=""))]


def test_good_rows_are_kept_and_bad_ones_say_why(center: ContactCenter) -> None:
    """Line, column, value and reason for each; the others are in the list."""
    columns = ["phone", Column("age", type="number"), Column("name", required=True)]
    center.lists.save(ContactList("typed", address="phone", columns=columns))
    text = (
        "phone,age,name\n"
        "+15557650001,20,Ann\n"
        "12,20,Bob\n"
        "+15557650002,old,Cid\n"
        "+15557650003,30,\n"
        "+15557650004,30\n"
        "\n"
        '"+1 (555) 765-0005",,"Eve, ""the"" first"\n'
        ",1,Gus\n"
    )
    report = center.lists.import_csv("typed", text.encode())
    assert (report.rows, report.added, report.bad, report.duplicates) == (7, 2, 5, 0)
    told = [(e.line, e.column, e.value, e.code) for e in report.errors]
    assert told == [
        (3, "phone", "'12'", "no_country"),
        (4, "age", "'old'", "bad_number"),
        (5, "name", "''", "missing"),
        (6, "", "'2 cells'", "columns"),
        (9, "phone", "''", "missing"),
    ]
    assert "line 4, age: a number is wanted" in str(report.errors[1])
    assert [row["name"] for row in exported(center, "typed")] == ["Ann", 'Eve, "the" first']


def test_bad_rows_are_exported_mended_and_read_again(center: ContactCenter, tmp_path: Path) -> None:
    """The file of rejects has the original cells, and is imported as it is once it is mended."""
    rejects = tmp_path / "bad.csv"
    report = center.lists.import_csv("people", b"name,phone\nAnn,+15557650001\nBob,765-0002\n", rejects=rejects)
    assert (report.added, report.bad) == (1, 1)
    text = rejects.read_text()
    assert text.splitlines()[0] == "_line,_column,_problem,name,phone"
    assert text.splitlines()[1].endswith("Bob,765-0002")
    rejects.write_text(text.replace("765-0002", "+15557650002"))
    again = center.lists.import_csv("people", rejects)
    assert (again.added, again.bad, again.new_columns) == (1, 0, ())
    assert center.lists.get("people").contacts == 2


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-16-le-bom", "utf-8"])
def test_byte_order_marks_and_encodings(center: ContactCenter, mark: str) -> None:
    """A mark says what the file is; without one it is UTF-8."""
    text = "name,phone\nJosé,+15557650001\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if mark == "utf-16-le-bom" else text.encode(mark)
    center.lists.import_csv("people", data)
    assert exported(center)[0]["name"] == "José"


def test_bytes_of_another_encoding_make_their_row_bad(center: ContactCenter) -> None:
    """Not the file; with the encoding named, they are good."""
    data = "name,phone\nJosé,+15557650001\nBob,+15557650002\n".encode("cp1252")
    report = center.lists.import_csv("people", data)
    assert (report.added, [e.code for e in report.errors]) == (1, ["bad_encoding"])
    assert center.lists.import_csv("people", data, encoding="cp1252").added == 1
    with pytest.raises(InvalidInput, match="no such encoding"):
        center.lists.import_csv("people", data, encoding="klingon")


def test_encodings_are_guessed_by_the_extra(center: ContactCenter) -> None:
    """And the guess is told."""
    pytest.importorskip("charset_normalizer")
    rows = "".join(f"Zoë Müller-Lüdenscheidt aus Köln und Größenwahn,+1555765{n:04}\n" for n in range(50))
    report = center.lists.import_csv("people", f"name,phone\n{rows}".encode("cp1252"), encoding="guess")
    assert report.added == 50
    assert report.encoding not in ("", "utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(center: ContactCenter, delimiter: str) -> None:
    """Whatever the spreadsheet of the country writes."""
    text = f"name{delimiter}phone\nAnn{delimiter}+15557650001\n"
    report = center.lists.import_csv("people", text.encode())
    assert (report.added, report.delimiter) == (1, delimiter)


def test_headers_are_made_unique_and_readable(center: ContactCenter) -> None:
    """Double, empty and odd ones get names that templates can ask for."""
    text = "phone,First name,First name,,2nd=1\n+15557650001,a,b,c,d\n"
    report = center.lists.import_csv("people", text.encode())
    assert report.new_columns == ("First_name", "First_name_2", "column", "_2nd_1")
    assert exported(center)[0] == {
        "name": "", "phone": "'+15557650001", "First_name": "a", "First_name_2": "b", "column": "c", "_2nd_1": "d",
    }  # fmt: skip
    assert column_name("") == "column"


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b",,,\n", b"name,address\nAnn,here\n"])
def test_a_file_without_a_usable_header_is_refused(center: ContactCenter, data: bytes) -> None:
    """Before anything is added."""
    with pytest.raises(InvalidInput):
        center.lists.import_csv("people", data)
    assert center.lists.get("people").contacts == 0


def test_hostile_files(center: ContactCenter) -> None:
    """NUL, huge fields, huge lines, open quotes, control characters: each a bad row, and the good ones are kept."""
    rows = [
        b"name,phone",
        b"Ann,+15557650001",
        b"Nul\x00,+15557650002",
        b"Esc\x1b[2J,+15557650003",
        b"Huge" + b"x" * 20_000 + b",+15557650004",
        b"Field" + b"y" * 140_000 + b",+15557650005",
        b"Line" + b"z" * (2 << 20) + b",+15557650006",
        b'"two\nlines",+15557650007',
        b"Bob,+15557650008",
        b'"never closed,+15557650009',
        b"swallowed,+15557650010",
    ]
    rejects = io.StringIO()
    report = center.lists.import_csv("people", b"\n".join(rows), rejects=rejects)
    assert [row["name"] for row in exported(center)] == ["Ann", "two\nlines", "Bob"]
    assert [e.code for e in report.errors] == ["control_char", "control_char", "too_long", "csv", "csv", "columns"]
    assert "swallowed,+15557650010" in rejects.getvalue()


FORMULAS = ["=1+1", "+1555", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "'=1", "''=1", "'quoted'"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula_to_a_spreadsheet(center: ContactCenter, cell: str) -> None:
    """Exported with a quote before it, imported without it."""
    center.lists.append("people", [{"name": safe_cell(cell), "phone": number(1)}])
    [row] = exported(center)
    assert not row["name"].startswith(("=", "+", "-", "@", "\t", "\r"))
    center.lists.save(ContactList("copy", address="phone", columns=["name", "phone"]))
    file = io.StringIO(newline="")
    center.lists.export("people", file)
    center.lists.import_csv("copy", file.getvalue().encode())
    assert exported(center, "copy") == [row]


@given(st.text(max_size=30))
def test_safe_cells_come_back(text: str) -> None:
    """Plain is the inverse of safe, and safe cells begin no formula."""
    assert plain_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(st.lists(st.tuples(NAMES, st.integers(0, 30))))
def test_whatever_is_written_by_csv_comes_back(rows: list[tuple[str, int]]) -> None:
    """Quotes, separators and odd characters inside cells; each number once; counts add up."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.lists.save(ContactList("people", address="phone", columns=["name", "phone"]))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["name", "phone"])
    writer.writerows([safe_cell(name), number(n)] for name, n in rows)
    report = center.lists.import_csv("people", file.getvalue().encode())
    assert (report.rows, report.bad, report.added) == (len(rows), 0, len({n for _, n in rows}))
    found = {row["phone"].lstrip("'"): plain_cell(row["name"]) for row in exported(center)}
    first: dict[int, str] = {}
    for name, n in rows:
        first.setdefault(n, name)
    assert found == {number(n): name for n, name in first.items()}


def test_duplicates_within_a_file_and_across_imports(center: ContactCenter) -> None:
    """By the address in whatever form it is written, or by the key."""
    text = b"name,phone\nAnn,+15557650001\nBob,+1 (555) 765-0001\nCid,tel:+15557650001\n"
    report = center.lists.import_csv("people", text)
    assert (report.added, report.duplicates) == (1, 2)
    assert center.lists.append("people", [{"phone": "0015557650001"}]).duplicates == 1
    center.lists.save(ContactList("keyed", address="phone", key="id", columns=["id", "phone"]))
    rows = [{"id": "1", "phone": number(1)}, {"id": "1", "phone": number(2)}, {"id": "2", "phone": number(1)}]
    assert center.lists.append("keyed", rows).added == 2


def test_a_repeated_import_adds_nothing(center: ContactCenter) -> None:
    """So that one that broke off may be repeated, also by another process that knows nothing of the first."""
    text = "name,phone\n" + "".join(f"P{n},+1555765{n:04}\n" for n in range(2 * ROWS + 5))
    assert center.lists.import_csv("people", text.encode()).added == 2 * ROWS + 5
    other = ContactCenter(clock=ManualClock(), storage=center.storage, seed=1)
    assert other.lists.import_csv("people", text.encode()).duplicates == 2 * ROWS + 5
    assert other.lists.get("people").chunks == 3


def test_two_processes_add_to_one_list(center: ContactCenter) -> None:
    """The one that lost knows of what the other has added before it adds."""
    other = ContactCenter(clock=ManualClock(), storage=center.storage, seed=1)
    center.lists.append("people", [{"phone": number(1)}])
    other.catch_up()
    other.lists.append("people", [{"phone": number(1)}, {"phone": number(2)}])
    center.catch_up()
    assert center.lists.append("people", [{"phone": number(2)}]).duplicates == 1
    assert center.lists.get("people").contacts == 2


def test_zones_by_column_and_default(center: ContactCenter) -> None:
    """A zone that does not exist is the row's error; paths are no zones."""
    center.lists.save(ContactList("zoned", address="phone", zone_column="tz", zone="Europe/Berlin"))
    rows = [
        {"phone": number(1), "tz": "America/New_York"},
        {"phone": number(2), "tz": ""},
        {"phone": number(3), "tz": "Mars/Base"},
        {"phone": number(4), "tz": "../../etc/passwd"},
    ]
    report = center.lists.append("zoned", rows)
    assert [(e.line, e.column, e.code) for e in report.errors] == [(3, "tz", "zone"), (4, "tz", "zone")]


def test_zones_by_number() -> None:
    """All the zones that the number may be in: every one of them must be open."""
    pytest.importorskip("phonenumbers")
    from switchroom.outbound.list_rows import zones_of_number

    assert zones_of_number("+12125550123") == "America/New_York"
    assert len(zones_of_number("+18005550123").split("|")) > 5
    assert zones_of_number("+999") == ""


def test_numbers_as_at_home(center: ContactCenter) -> None:
    """With a country, national forms are read."""
    center.lists.save(ContactList("home", address="phone", country="US"))
    report = center.lists.append("home", [{"phone": "(555) 765-0001"}, {"phone": "+442079460000"}])
    assert report.added == 2
    assert [r["phone"] for r in exported(center, "home")] == ["'+15557650001", "'+442079460000"]


@pytest.mark.parametrize(
    "value",
    ["+15551234567\n", "٣", "²", "STOP@12345", "MYBANK", "anonymous", "12345", "a@b\r\nBcc: x", "+1555123456"],
)
def test_addresses_that_are_nobodys(center: ContactCenter, value: str) -> None:
    """Trimmed or refused, never stored as they are."""
    report = center.lists.append("people", [{"phone": value}])
    assert (report.added == 1) == (value.strip() == "+15551234567")


def test_columns_grow_and_never_shrink(center: ContactCenter) -> None:
    """A second file with another column: both kinds of rows are right; taking one away is refused."""
    center.lists.import_csv("people", b"name,phone\nAnn,+15557650001\n")
    center.lists.import_csv("people", b"phone,city\n+15557650002,Rome\n")
    assert [(r["name"], r["city"]) for r in exported(center)] == [("Ann", ""), ("", "Rome")]
    with pytest.raises(NotAllowed):
        center.lists.save(ContactList("people", address="phone", columns=["phone"]))
    with pytest.raises(NotAllowed):
        center.lists.save(ContactList("people", channel="email", address="phone", columns=["name", "phone", "city"]))


def test_removed_contacts_are_blank_everywhere(center: ContactCenter) -> None:
    """Their bytes leave the store; the others keep their places."""
    rows = "".join(f"P{n},+1555765{n:04}\n" for n in range(10))
    center.lists.import_csv("people", f"name,phone\n{rows}".encode())
    assert center.lists.remove("people", [someone(3), someone(4)]) == 2
    assert len(exported(center)) == 8
    assert not any(b"7650003" in payload for payload in center.storage._chunks.values())  # type: ignore[attr-defined]
    assert center.lists.append("people", [{"phone": number(3)}]).added == 1


def test_deleted_lists_are_gone(center: ContactCenter) -> None:
    """Rows and all; and a new one of the name is empty."""
    center.lists.append("people", [{"phone": number(1)}])
    center.lists.delete("people")
    with pytest.raises(UnknownId):
        center.lists.get("people")
    center.lists.save(ContactList("people", address="phone"))
    assert center.lists.append("people", [{"phone": number(1)}]).added == 1


def test_lists_live_in_the_store(tmp_path: Path) -> None:
    """A file of SQLite: closed and opened, the list goes on."""
    path = tmp_path / "center.db"
    with ContactCenter(clock=ManualClock(), storage=SqliteStorage(path), seed=1) as first:
        first.lists.save(ContactList("people", address="phone", columns=["name", "phone"]))
        first.lists.append("people", [{"name": f"P{n}", "phone": number(n)} for n in range(50)])
    with ContactCenter(clock=ManualClock(), storage=SqliteStorage(path), seed=1) as again:
        assert len(exported(again)) == 50
        assert again.lists.append("people", [{"phone": number(1)}]).duplicates == 1
        again.check()


def test_unknown_columns_of_values_are_errors(center: ContactCenter) -> None:
    """A caller's typing mistake must not lose a value."""
    rows = [{"phone": number(1), "nmae": "Ann"}, {"phone": number(2), "name": object()}]
    report = center.lists.append("people", rows)
    assert [e.code for e in report.errors] == ["unknown_column", "bad_type"]


@example([(1, 1), (1, 1), (1, 0), (1, 2)])
@given(st.lists(st.tuples(st.integers(0, (1 << 64) - 1) | st.integers(0, 40), st.integers(0, 2)), max_size=200))
def test_the_key_table_is_a_mapping(changes: list[tuple[int, int]]) -> None:
    """As a dictionary would do, with room that grows."""
    table, expected = KeyTable(), dict[int, int]()
    for n, (key, what) in enumerate(changes):
        real = key or 1
        if what == 0:
            assert table.pop(key) == expected.pop(real, None)
        elif what == 1:
            table[key] = n
            expected[real] = n
        else:
            assert table.add(key) == (real not in expected)
            expected.setdefault(real, 0)
    table.check()
    assert dict(table.items()) == expected
    assert len(table) == len(expected)
    assert all(table.get(key) == value for key, value in expected.items())
