"""Writes waiting.csv: figures of queues, from their birth-death chains solved term by term with 60 digits.

Slow and plain on purpose: nothing here is shared with the formulas that the file tests. The queue is cut where its
states weigh less than 1e-30 of the first of them. Run it in this folder: ``python make_waiting.py``.
"""

import csv
from decimal import Decimal, getcontext

getcontext().prec = 60
RATIOS = ("0.05", "0.4", "0.75", "0.93", "0.998", "1", "1.25", "4")
THETAS = ("0", "0.004", "0.3", "1", "7")


def figures(servers: int, load: Decimal, theta: Decimal) -> dict[str, Decimal]:
    weights = [Decimal(1)]
    total = Decimal(1)
    while len(weights) <= servers or weights[-1] > min(total, weights[servers]) * Decimal("1e-30"):
        state = len(weights)
        leaving = state if state <= servers else servers + (state - servers) * theta
        weights.append(weights[-1] * load / leaving)
        total += weights[-1]
    waiting = sum((k * w for k, w in enumerate(weights[servers:])), Decimal(0)) / total
    return {
        "lost": weights[servers] / sum(weights[: servers + 1]),
        "waits": sum(weights[servers:]) / total,
        "leaves": theta * waiting / load,
        "busy": sum(min(k, servers) * w for k, w in enumerate(weights)) / total / servers,
        "mean_wait": waiting / load,
        "queue": waiting,
    }


def main() -> None:
    with open("waiting.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["servers", "load", "theta", "lost", "waits", "leaves", "busy", "mean_wait", "queue"])
        for servers in (1, 2, 3, 8, 33, 120, 700):
            for ratio in RATIOS:
                load = servers * Decimal(ratio)
                for theta in THETAS:
                    if theta != "0" or load < servers:
                        found = figures(servers, load, Decimal(theta))
                        writer.writerow([servers, load, theta, *(f"{value:.14e}" for value in found.values())])


if __name__ == "__main__":
    main()
