from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from switchroom.durations import (
    END_MICROS,
    EPOCH,
    FIRST_MICROS,
    MAX_DURATION,
    duration,
    duration_micros,
    format_duration,
    format_instant,
    from_micros,
    instant,
    span_micros,
    to_micros,
)
from switchroom.errors import InvalidInput

NOON = 1_767_614_400_000_000  # 2026-01-05T12:00:00Z


def code_of(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    return error.value.field, error.value.code


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-01-05T12:00:00Z", NOON),
        ("2026-01-05T12:00:00+00:00", NOON),
        ("2026-01-05T12:00:00-00:00", NOON),
        ("2026-01-05T07:00:00-05:00", NOON),
        ("2026-01-05T17:45:00+05:45", NOON),
        ("2026-01-06T01:45:00+13:45", NOON),
        ("2026-01-05T12:00:00.5Z", NOON + 500_000),
        ("2026-01-05T12:00:00.000001Z", NOON + 1),
        ("2000-01-01T00:00:00Z", FIRST_MICROS),
        ("2100-12-31T23:59:59.999999Z", END_MICROS - 1),
        ("1999-12-31T19:00:00-05:00", FIRST_MICROS),
        ("2028-02-29T00:00:00Z", 1_835_395_200_000_000),
    ],
)
def test_instant_text(text: str, micros: int) -> None:
    """Text with date, time and offset is the instant that it names."""
    assert to_micros(text) == micros
    assert instant(text) == EPOCH + timedelta(microseconds=micros)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-01-05T12:00:00", "naive"),
        (datetime(2026, 1, 5, 12), "naive"),  # noqa: DTZ001 - a naive value is the point
        ("2016-12-31T23:59:60Z", "leap_second"),
        ("2016-12-31T23:59:60.5+00:00", "leap_second"),
        ("2026-W01-1", "syntax"),
        ("2026-W01-1T12:00:00Z", "syntax"),
        ("20260101", "syntax"),
        ("20260101T120000Z", "syntax"),
        ("2026-01-05", "syntax"),
        ("2026-01-05T12:00Z", "syntax"),
        ("2026-01-05 12:00:00Z", "syntax"),
        ("2026-01-05t12:00:00z", "syntax"),
        ("2026-01-05T24:00:00Z", "syntax"),
        ("2026-01-05T12:60:00Z", "syntax"),
        ("2026-01-05T12:00:61Z", "syntax"),
        ("2026-01-05T12:00:00.1234567Z", "syntax"),
        ("2026-01-05T12:00:00,5Z", "syntax"),
        ("2026-01-05T12:00:00+0500", "syntax"),
        ("2026-01-05T12:00:00+24:00", "syntax"),
        ("2026-01-05T12:00:00+05:60", "syntax"),
        ("2026-01-05T12:00:00Z\n", "syntax"),
        (" 2026-01-05T12:00:00Z", "syntax"),
        ("٢٠٢٦-01-05T12:00:00Z", "syntax"),
        ("+2026-01-05T12:00:00Z", "syntax"),
        ("", "syntax"),
        ("now", "syntax"),
        ("2026-02-29T12:00:00Z", "no_such_date"),
        ("2026-13-01T12:00:00Z", "no_such_date"),
        ("0000-01-01T12:00:00Z", "no_such_date"),
        ("0001-01-01T00:00:00+14:00", "range"),
        ("9999-12-31T23:59:59-12:00", "range"),
        ("1999-12-31T23:59:59.999999Z", "range"),
        ("2101-01-01T00:00:00Z", "range"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "range"),
        (datetime.max.replace(tzinfo=ZoneInfo("America/New_York")), "range"),
        (date(2026, 1, 5), "type"),
        (1_767_614_400, "type"),
        (1e20, "type"),
        (True, "type"),
        (None, "type"),
        (b"2026-01-05T12:00:00Z", "type"),
    ],
)
def test_bad_instant(value: object, code: str) -> None:
    """What is not exactly one instant of the years 2000 to 2100 is refused, with the field and the rule."""
    with pytest.raises(InvalidInput) as error:
        to_micros(value, field="due")  # type: ignore[arg-type]
    assert code_of(error) == ("due", code)


def test_both_passes_of_an_hour_are_two_instants() -> None:
    """A wall time that comes twice is told apart by its fold, though Python calls both equal in one zone."""
    zone = ZoneInfo("America/New_York")
    first, second = datetime(2026, 11, 1, 1, 30, tzinfo=zone), datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1)
    assert first == second
    assert to_micros(second) - to_micros(first) == 3_600_000_000


def test_a_day_over_a_change_has_23_hours() -> None:
    """Differences are taken in UTC, not between wall times."""
    zone = ZoneInfo("America/New_York")
    assert (
        to_micros(datetime(2026, 3, 9, tzinfo=zone)) - to_micros(datetime(2026, 3, 8, tzinfo=zone)) == 23 * 3600 * 10**6
    )


@given(st.integers(FIRST_MICROS, END_MICROS - 1))
def test_micros_and_back(micros: int) -> None:
    """An instant survives the way through a datetime and through text."""
    assert to_micros(from_micros(micros)) == micros
    assert to_micros(format_instant(from_micros(micros))) == micros
    assert from_micros(micros).tzinfo is UTC


@pytest.mark.parametrize("micros", [FIRST_MICROS - 1, END_MICROS, 0, -1, 10**30])
def test_micros_out_of_range(micros: int) -> None:
    """Microseconds outside the range are refused, not overflowed."""
    with pytest.raises(InvalidInput) as error:
        from_micros(micros)
    assert code_of(error) == ("micros", "range")


def test_format_instant() -> None:
    """An instant is printed in UTC with a Z, and with six digits only where needed."""
    assert format_instant("2026-01-05T07:00:00-05:00") == "2026-01-05T12:00:00Z"
    assert format_instant("2026-01-05T12:00:00.25Z") == "2026-01-05T12:00:00.250000Z"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30s", 30),
        ("45m", 2700),
        ("72h", 259_200),
        ("2d", 172_800),
        ("1h30m", 5400),
        ("1.5s", 1.5),
        ("250ms", 0.25),
        ("0.1s", 0.1),
        ("1.5h", 5400),
        ("5m3ms", 300.003),
        ("1us", 0.000001),
        ("0.0000005s", 0.000001),
        ("0s", 0),
        ("1d2h3m4s5ms6us", 93_784.005006),
        ("90m", 5400),
        (0, 0),
        (30, 30),
        (0.1, 0.1),
        (1.5, 1.5),
        (timedelta(hours=1), 3600),
        ("36525d", 36_525 * 86_400),
        (36_525 * 86_400, 36_525 * 86_400),
        (MAX_DURATION, 36_525 * 86_400),
    ],
)
def test_duration(value: str | float | timedelta, seconds: float) -> None:
    """Text with units, seconds and timedeltas are all taken, to the microsecond."""
    assert duration(value, field="wait") == timedelta(seconds=seconds)
    assert duration_micros(value, field="wait") == span_micros(timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        (float("-inf"), "not_finite"),
        (-1, "negative"),
        (-0.5, "negative"),
        ("-30s", "negative"),
        (timedelta(microseconds=-1), "negative"),
        (True, "type"),
        (False, "type"),
        (None, "type"),
        (b"30s", "type"),
        ([30], "type"),
        (1 + 2j, "type"),
        ("", "syntax"),
        ("-", "syntax"),
        ("30", "syntax"),
        ("s", "syntax"),
        ("30 s", "syntax"),
        ("30S", "syntax"),
        ("30s\n", "syntax"),
        ("+30s", "syntax"),
        ("1h-30m", "syntax"),
        ("30m1h", "syntax"),
        ("1s1s", "syntax"),
        ("1e3s", "syntax"),
        (".5s", "syntax"),
        ("1.s", "syntax"),
        ("1w", "syntax"),
        ("nan", "syntax"),
        ("infs", "syntax"),
        ("٣٠s", "syntax"),
        ("1" * 400 + "s", "syntax"),
        ("36525d1us", "range"),
        (36_525 * 86_400 + 1, "range"),
        (36_525 * 86_400 + 0.001, "range"),
        (1e300, "range"),
        (10**400, "range"),
        (timedelta.max, "range"),
        ("999999999999d", "range"),
    ],
)
def test_bad_duration(value: object, code: str) -> None:
    """What is no finite duration up to 100 years is refused, with the field and the rule."""
    with pytest.raises(InvalidInput) as error:
        duration(value, field="wait")  # type: ignore[arg-type]
    assert code_of(error) == ("wait", code)


def test_refusal_names_place_and_value() -> None:
    """The message of a refusal says where the value stood and what it was."""
    with pytest.raises(InvalidInput, match=r"^queues\.sales\.wait: .*\(got '30 parsecs'\)$"):
        duration("30 parsecs", field="queues.sales.wait")


def test_negative_where_allowed() -> None:
    """A negative duration is taken where asked for, within the same bound."""
    assert duration("-1h30m", field="offset", allow_negative=True) == timedelta(minutes=-90)
    assert duration(-1.5, field="offset", allow_negative=True) == timedelta(seconds=-1.5)
    with pytest.raises(InvalidInput) as error:
        duration("-36526d", field="offset", allow_negative=True)
    assert code_of(error) == ("offset", "range")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (5400, "1h30m"),
        (30, "30s"),
        (259_200, "3d"),
        (1.5, "1.5s"),
        (0.25, "250ms"),
        (0.000001, "0.000001s"),
        (3600.5, "1h500ms"),
        (-90, "-1m30s"),
    ],
)
def test_format_duration(seconds: float, text: str) -> None:
    """Durations are printed short."""
    assert format_duration(timedelta(seconds=seconds)) == text


@given(st.timedeltas(-MAX_DURATION, MAX_DURATION))
@example(timedelta(microseconds=1))
@example(timedelta(milliseconds=1))
def test_printed_durations_parse_back(value: timedelta) -> None:
    """What is printed reads back as the same duration, to the microsecond."""
    assert duration(format_duration(value), field="value", allow_negative=True) == value


@given(st.text(alphabet="0123456789.dhmsu-", max_size=14))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes anything but a duration or InvalidInput, and what is read prints and reads as itself."""
    try:
        value = duration(text, field="value", allow_negative=True)
    except InvalidInput:
        return
    assert duration(format_duration(value), field="value", allow_negative=True) == value
