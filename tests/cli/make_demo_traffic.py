"""Makes the traffic of the demonstration: run it to print the CSV that is in the package."""

from __future__ import annotations

import csv
import io
import sys
from random import Random

SEED = 20260310
COLUMNS = (
    *("at", "medium", "channel", "queue", "contact", "priority", "steps", "preferred", "preferred_wait", "labels"),
    *("due", "handle", "patience", "attr.topic", "attr.language", "attr.tier"),
)

# Share of the day's work per hour, from 7 to 20 o'clock: a peak before noon and a smaller one after work.
CALLS = {7: 2, 8: 6, 9: 10, 10: 12, 11: 11, 12: 8, 13: 8, 14: 9, 15: 9, 16: 9, 17: 7, 18: 5, 19: 3, 20: 1}
TEXTS = {7: 2, 8: 5, 9: 8, 10: 9, 11: 9, 12: 9, 13: 8, 14: 8, 15: 8, 16: 9, 17: 9, 18: 8, 19: 6, 20: 2}
MAILS = {0: 2, 3: 1, 6: 3, 7: 6, 8: 12, 9: 13, 10: 11, 11: 9, 12: 6, 13: 8, 14: 9, 15: 8, 16: 6, 17: 3, 18: 2, 20: 1}
TASKS = {7: 10, 8: 14, 9: 14, 10: 12, 11: 10, 12: 6, 13: 10, 14: 10, 15: 8, 16: 6}

LANGUAGES = (("english", 45), ("german", 35), ("french", 12), ("spanish", 8))
CHANNELS = (("web", 40), ("whatsapp", 35), ("sms", 15), ("instagram", 10))
REGULARS = ("rosa", "sven", "tara", "vito", "wim", "xena", "yara", "zoe")

Row = dict[str, object]


def pick(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    names, weights = zip(*choices, strict=True)
    return random.choices(names, weights)[0]


def times(random: Random, shape: dict[int, int], count: int) -> list[int]:
    """Seconds of the day at which work arrives."""
    hours = random.choices(list(shape), list(shape.values()), k=count)
    return [hour * 3600 + random.randrange(3600) for hour in hours]


def lasting(random: Random, mean: float, spread: float = 0.6) -> str:
    seconds = round(random.gammavariate(1 / spread**2, mean * spread**2))
    return f"{max(seconds, 15)}s"


def leaving(random: Random, mean: float) -> str:
    return f"{max(5, round(random.expovariate(1 / mean)))}s"


def base(random: Random, medium: str) -> Row:
    return {"medium": medium, "contact": f"c{random.randrange(1, 1800)}", "attr.language": pick(random, LANGUAGES)}


def sales_call(random: Random) -> Row:
    row = base(random, "voice") | {
        "queue": "sales",
        "attr.topic": "sales",
        "attr.tier": pick(random, (("silver", 9), ("gold", 1))),
    }
    row |= {"steps": steps(str(row["attr.language"]), "sales"), "handle": lasting(random, 270)}
    return row | {"patience": leaving(random, 240), "priority": 2 if row["attr.tier"] == "gold" else ""}


def support_call(random: Random) -> Row:
    topic = pick(random, (("technical", 55), ("order", 45)))
    row = base(random, "voice") | {"queue": "support", "attr.topic": topic}
    row |= {
        "steps": steps(str(row["attr.language"]), "technical" if topic == "technical" else ""),
        "handle": lasting(random, 330),
    }
    return row | {"patience": leaving(random, 260)}


def steps(language: str, skill: str) -> str:
    """Somebody fluent first, then anybody who speaks the language, at last anybody."""
    more = f" and {skill}" if skill else ""
    first = f"{language} >= 4{more} for 10s; {language}{more} for 50s"
    return f"{first}; {skill or 'true'}"


def message(random: Random) -> Row:
    tier = pick(random, (("silver", 92), ("gold", 8)))
    row = base(random, "message") | {"channel": pick(random, CHANNELS), "attr.tier": tier}
    row |= {"attr.topic": pick(random, (("order", 6), ("technical", 3))), "handle": lasting(random, 420)}
    row |= {"patience": leaving(random, 900), "labels": "vip" if tier == "gold" else ""}
    if random.random() < 0.15:
        row |= {"preferred": random.choice(REGULARS), "preferred_wait": "45s"}
    return row


def mail(random: Random) -> Row:
    row = base(random, "email") | {"attr.topic": pick(random, (("order", 6), ("refund", 2), ("technical", 2)))}
    return row | {"due": f"{random.choice((2, 4, 4, 8))}h", "handle": lasting(random, 330)}


def task(random: Random) -> Row:
    row: Row = {"medium": "workitem", "attr.topic": pick(random, (("return", 5), ("refund", 3), ("address", 2)))}
    return row | {"contact": f"c{random.randrange(1, 1800)}", "handle": lasting(random, 420)}


KINDS = (
    (sales_call, CALLS, 310),
    (support_call, CALLS, 640),
    (message, TEXTS, 960),
    (mail, MAILS, 330),
    (task, TASKS, 190),
)


def rows() -> list[Row]:
    random = Random(SEED)
    made = [(at, make(random)) for make, shape, count in KINDS for at in times(random, shape, count)]
    made.sort(key=lambda entry: entry[0])
    return [{"at": f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}", **row} for at, row in made]


def text() -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.write(text())
