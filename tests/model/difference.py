# SPDX-License-Identifier: Apache-2.0
"""Compares what weir gave with what the model says: the first difference in words, or None.

The order of keys within one window is free. What is not: results of one advance of W come by window end, and those of one
key and window (of one key, for COUNT windows) in the model's order.
"""
from collections import Counter, defaultdict

from aggregates import SumOverflow
import sql
from model import Model
from query import Advance, Clock, Finish

WINDOWED = ("tumble", "hop", "cumulate")


def comparable(query, result):
    """Values of FILL(LINEAR) may differ in their last bits, as the order of operations is free."""
    if query.fill is None or query.fill.kind != "linear":
        return result
    values = tuple(float(f"{value:.12g}") if isinstance(value, float) else value for value in result.values)
    return result._replace(values=values)


def multiset_difference(what, expected, given):
    missing, extra = Counter(expected), Counter(given)
    missing, extra = missing - extra, extra - missing
    if not missing and not extra:
        return None
    lines = [f"{what}:"]
    lines += [f"  missing {count} x {item}" for item, count in list(missing.items())[:6]]
    lines += [f"  not expected {count} x {item}" for item, count in list(extra.items())[:6]]
    return "\n".join(lines)


def late_rows(query, steps):
    """As they come back: a time in seconds as milliseconds."""
    rows = [row for step in steps for row in step.late]
    if query.unit == "s":
        rows = [row._replace(ts=row.ts * 1000) for row in rows]
    return map(tuple, rows)


def falling_end(results):
    for before, after in zip(results, results[1:]):
        if after.end < before.end:
            return f"window_end goes down inside one advance: {before} then {after}"
    return None


def sequences(query, results):
    """Results by what has an order of its own."""
    found = defaultdict(list)
    for result in results:
        found[result.key if query.kind == "count" else (result.key, result.start, result.end)].append(result)
    return found


def order_difference(query, events, run, answer, expected, given):
    if is_prompt(run):
        for event, step in zip(events, answer.steps):
            if isinstance(event, (Advance, Clock, Finish)):
                found = falling_end(step.results)
                if found:
                    return found
    if not query.updates() and not query.fill and query.kind in WINDOWED:
        found = falling_end(given)
        if found:
            return found
    if query.updates() or query.kind == "count":
        wanted, had = sequences(query, expected), sequences(query, given)
        for place, results in wanted.items():
            if place in had and had[place] != results:
                return f"another order: expected {results}, given {had[place]}"
    return None


def is_prompt(run):
    """Whether what an event causes is there after it: workers may be at it still, unless counters were asked for."""
    return run.pull and (run.workers == 0 or run.probe)


def step_difference(query, run, number, event, wanted, had):
    """After one event, where all that it caused has been taken."""
    where = f"after event {number} ({type(event).__name__})"
    found = multiset_difference(f"{where}, rows", wanted.results, had.results)
    found = found or multiset_difference(f"{where}, late rows", late_rows(query, [wanted]), had.late)
    if found or not run.probe:
        return found
    return counters_difference(where, wanted, had)


def counters_difference(where, wanted, had):
    """rows_out counts what has been handed out or what waits: it is compared at the end."""
    for name, value in vars(wanted.counters).items():
        if name != "rows_out" and getattr(had.counters, name) != value:
            return f"{where}, {name}: expected {value}, given {getattr(had.counters, name)}"
    if wanted.watermark != had.watermark:
        return f"{where}, watermark: expected {wanted.watermark}, given {had.watermark}"
    return None


def end_difference(query, wanted, answer, expected):
    found = counters_difference("at the end", wanted[-1], answer.steps[-1])
    if found:
        return found
    stats = answer.stats
    if stats["rows_out"] != len(expected):
        return f"at the end, rows_out: expected {len(expected)}, given {stats['rows_out']}"
    windows = len({(result.start, result.end) for result in expected})
    if query.kind in WINDOWED and not query.updates() and not query.fill and stats["windows_fired"] < windows:
        return f"at the end, windows_fired: expected {windows} or more, given {stats['windows_fired']}"
    return None


def difference(query, events, run, answer):
    try:
        wanted = Model(query, run.partitions, run.clock).run(events)
    except SumOverflow:
        if answer.error and answer.error[1] == "value error":
            return None
        return f"expected a value error, given {answer.error or 'none'}"
    if answer.error:
        return "weir stopped with an error: " + " ".join(map(str, answer.error))
    if answer.late_columns != sql.late_columns(query):
        return f"schema of late rows: expected {sql.late_columns(query)}, given {answer.late_columns}"
    for steps in (wanted, answer.steps):
        for step in steps:
            step.results = [comparable(query, result) for result in step.results]
    if is_prompt(run):
        for number, (event, one, other) in enumerate(zip(events, wanted, answer.steps)):
            found = step_difference(query, run, number, event, one, other)
            if found:
                return found
    expected = [result for step in wanted for result in step.results]
    given = [result for step in answer.steps for result in step.results]
    found = multiset_difference("rows", expected, given)
    found = found or multiset_difference("late rows", late_rows(query, wanted),
                                         [row for step in answer.steps for row in step.late])
    found = found or order_difference(query, events, run, answer, expected, given)
    return found or end_difference(query, wanted, answer, expected)
