# SPDX-License-Identifier: Apache-2.0
"""A query as the calls of a builder (weir/builder.h), a line of the driver's protocol for each. Numbers are those of the
header's enums."""
UNITS = {"ms": 0, "s": 1, "us": 2, "ns": 3}
FUTURE = {"keep": 0, "drop": 1, "side-output": 2}
LATE = {"drop": 0, "side-output": 1, "fold": 2}
MODES = {"retracting": 0, "accumulating": 1, "discarding": 2}
ENDS = {"flush": 0, "discard": 1, "mark": 2}
FILLS = {"null": 1, "prev": 2, "linear": 3, "value": 4}
FUNCTIONS = {"COUNT": 2, "SUM": 3, "MIN": 4, "MAX": 5, "AVG": 6}
OPERATORS = {"IS NULL": 3, "IS NOT NULL": 4, "=": 32, "<>": 33, "<": 34, ">=": 37}


def window(query):
    arguments = {"tumble": (query.size, query.offset), "hop": (query.size, query.slide, query.offset),
                 "cumulate": (query.size, query.step, query.offset), "session": (query.gap, query.max_duration),
                 "count": (query.size, query.slide), "count_or_time": (query.size, query.span)}
    return (query.kind,) + arguments[query.kind]


def time(query):
    calls = [("unit", UNITS[query.unit])] if query.native else []
    calls += [("processing_time",)] if query.processing_time else [("time", "ts")]
    calls += [("zone", query.zone)] if query.zone else []
    if query.watermark:  # a delay of 1 or more: W = greatest time - B - 1
        calls.append(("watermark", query.watermark[1] - 1, query.idle_timeout, query.close_after, query.max_future,
                      FUTURE[query.future_policy], int(query.future_reference == "partitions")))
    return calls


def emission(query):
    return ("emission", query.lateness, int(query.late_fire), int(query.early_clock > 0), LATE[query.late_policy],
            query.early_rows, query.early_time or query.early_clock, MODES[query.emit], ENDS[query.end])


def literal(value):
    if value is None:
        return None
    return f"s{value}" if isinstance(value, str) else f"f{value!r}" if isinstance(value, float) else f"i{value}"


def comparison(word, name, condition):
    return word, name, OPERATORS[condition.operator], literal(condition.value)


def aggregate(wanted, name):
    return "aggregate", FUNCTIONS[wanted.function] if wanted.column else 1, wanted.column, name


def calls(query):
    """Tuples of a word and its arguments. What HAVING asks for beside the result stands behind it."""
    wanted = query.calls()
    made = time(query) + [window(query), emission(query)]
    if query.fill:
        made.append(("fill", FILLS[query.fill.kind], query.fill.value, query.fill.max_empty))
    if query.where:
        made.append(comparison("filter", query.where.column, query.where))
    made += [("bound", 1, "window_start"), ("bound", 2, "window_end")]
    made += [("bound", 4, "is_complete")] if query.end == "mark" else []
    made += [("key", name) for name in query.keys]
    made += [aggregate(one, f"a{i}") for i, one in enumerate(wanted)]
    if query.having:
        made.append(comparison("having", f"a{wanted.index(query.having.aggregate)}", query.having))
    return made
