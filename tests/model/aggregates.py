# SPDX-License-Identifier: Apache-2.0
"""Aggregates over the rows of a window, from the rows themselves (docs/sql.md)."""
from query import INT64_MAX, INT64_MIN


class SumOverflow(Exception):
    """A SUM of BIGINT that BIGINT does not hold: weir stops with an error."""


def truncated_quotient(a, b):
    """a / b towards zero, b > 0."""
    return a // b if a >= 0 else -(-a // b)


def total_of(values):
    total = sum(values)
    if isinstance(total, int) and not INT64_MIN <= total <= INT64_MAX:
        raise SumOverflow()
    return total


def average_of(values):
    if isinstance(values[0], int):
        return truncated_quotient(sum(values), len(values))
    return sum(values) / len(values)


def aggregate(wanted, rows):
    if wanted.column is None:
        return len(rows)
    values = [getattr(row, wanted.column) for row in rows]
    values = [value for value in values if value is not None]
    if wanted.function == "COUNT":
        return len(values)
    if not values:
        return None
    return {"SUM": total_of, "MIN": min, "MAX": max, "AVG": average_of}[wanted.function](values)


def aggregate_all(query, rows):
    return tuple(aggregate(wanted, rows) for wanted in query.calls())
