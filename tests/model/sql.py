# SPDX-License-Identifier: Apache-2.0
"""A query as the script that weir gets, and its table as columns of Arrow."""

# Column of Row -> SQL type and Arrow format; those of times depend on the query, and the layout of strings.
COLUMNS = {"k": ("STRING", None), "g": ("BIGINT", "l"), "v": ("BIGINT", "l"), "d": ("DOUBLE", "g"),
           "h": ("STRING", None)}
UNITS = {"s": ("TIMESTAMP(0)", "tss:"), "ms": ("TIMESTAMP(3)", "tsm:"), "us": ("TIMESTAMP(6)", "tsu:"),
         "ns": ("TIMESTAMP(9)", "tsn:")}
NAMES = ("ts", "wm", "k", "g", "v", "d", "h")
FUNCTIONS = {"tumble": "TUMBLE", "hop": "HOP", "cumulate": "CUMULATE", "session": "SESSION", "count": "COUNT_WINDOW",
             "count_or_time": "COUNT_OR_TIME"}


def time_type(query, unit):
    """(SQL type, Arrow format)."""
    name, form = UNITS[unit]
    return (name.replace("TIMESTAMP", "TIMESTAMP_LTZ"), form + "UTC") if query.zone else (name, form)


def column(query, name):
    if name == "ts":
        return time_type(query, query.unit)
    return time_type(query, "ms") if name == "wm" else COLUMNS[name]


def columns(query):
    """(name, Arrow format) in the order of pushed batches."""
    return [(name, column(query, name)[1] or query.text) for name in NAMES]


def late_columns(query):
    """(name, Arrow format) of rows that are put aside: each type has one layout, and seconds come as milliseconds."""
    return [(name, (column(query, name)[1] or "u").replace("tss:", "tsm:")) for name in NAMES]


def time_name(query):
    return "p" if query.processing_time else "ts"


def interval(ms):
    for size, unit in ((86400000, "DAY"), (3600000, "HOUR"), (60000, "MINUTE")):
        if ms and ms % size == 0:
            return f"INTERVAL '{ms // size}' {unit}"
    sign, rest = ("-" if ms < 0 else ""), abs(ms)
    fraction = f".{rest % 1000:03d}" if rest % 1000 else ""
    return f"INTERVAL '{sign}{rest // 1000}{fraction}' SECOND"


def duration(ms):
    return f"{ms} ms"


def watermark_clause(query):
    if query.watermark is None:
        return ""
    if query.watermark[0] == "column":
        return ", WATERMARK FOR ts AS wm"
    delay = query.watermark[1]
    return ", WATERMARK FOR ts AS ts" + (f" - {interval(delay)}" if delay else "")


def table(query):
    if query.typed:
        return ""
    types = [f"{name} {column(query, name)[0]}" for name in NAMES] + ["p AS PROCTIME()"] * query.processing_time
    options = ["'connector' = 'push'"]
    if query.max_future:
        options.append(f"'scan.watermark.max-future' = '{duration(query.max_future)}'")
        options.append(f"'scan.watermark.future-policy' = '{query.future_policy}'")
        if query.future_reference != "wall-clock":
            options.append(f"'scan.watermark.future-reference' = '{query.future_reference}'")
    if query.idle_timeout:
        options.append(f"'scan.watermark.idle-timeout' = '{duration(query.idle_timeout)}'")
    if query.close_after:
        options.append(f"'scan.watermark.close-after' = '{duration(query.close_after)}'")
    return f"CREATE TABLE t ({', '.join(types)}{watermark_clause(query)}) WITH ({', '.join(options)});\n"


def settings(query):
    options = {}
    if query.zone:
        options["table.local-time-zone"] = query.zone
    if query.lateness:
        options["table.exec.emit.allow-lateness"] = duration(query.lateness)
    if query.late_fire:
        options["table.exec.emit.late-fire.enabled"] = "true"
        options["table.exec.emit.late-fire.delay"] = "0 ms"
    if query.early_rows:
        options["weir.emit.early-fire.rows"] = str(query.early_rows)
    if query.early_clock:
        options["table.exec.emit.early-fire.enabled"] = "true"
        options["table.exec.emit.early-fire.delay"] = duration(query.early_clock)
    if query.early_time:
        options["weir.emit.early-fire.event-time"] = duration(query.early_time)
    if query.emit != "retracting":
        options["weir.emit.mode"] = query.emit
    if query.late_policy != "drop":
        options["weir.late.policy"] = query.late_policy
    if query.end != "flush":
        options["weir.end-of-input"] = query.end
    return "".join(f"SET '{name}' = '{value}';\n" for name, value in options.items())


def literal(value):
    if isinstance(value, str):
        return f"'{value}'"
    return f"{value}e0" if isinstance(value, float) else str(value)


def comparison(what, condition):
    if condition.operator.startswith("IS"):
        return f"{what} {condition.operator}"
    return f"{what} {condition.operator} {literal(condition.value)}"


def aggregate(wanted):
    return f"{wanted.function}({wanted.column or '*'})"


def window_arguments(query):
    """What follows the time column."""
    offset = [interval(query.offset)] if query.offset else []
    if query.kind == "tumble":
        return [interval(query.size)] + offset
    if query.kind == "hop":
        return [interval(query.slide), interval(query.size)] + offset
    if query.kind == "cumulate":
        return [interval(query.step), interval(query.size)] + offset
    if query.kind == "session":
        return [interval(query.gap)] + ([interval(query.max_duration)] if query.max_duration else [])
    if query.kind == "count":
        return [str(query.size)] + ([str(query.slide)] if query.slide else [])
    return [str(query.size), interval(query.span)]


def fill_clause(query):
    if not query.fill:
        return ""
    what = str(query.fill.value) if query.fill.kind == "value" else query.fill.kind.upper()
    return f"\nFILL({what}, {query.fill.max_empty})"


def having_clause(query):
    return f"\nHAVING {comparison(aggregate(query.having.aggregate), query.having)}" if query.having else ""


def select_list(query, start, end):
    marks = ["is_complete"] if query.end == "mark" else []
    named = [f"{aggregate(wanted)} AS a{i}" for i, wanted in enumerate(query.aggregates)]
    return ", ".join([f"{start} AS window_start", f"{end} AS window_end"] + marks + list(query.keys) + named)


def function_query(query):
    """A table function. Its windows are cut after the filter where that matters: keys of sessions and counts see no
    dropped rows, so that the filter stands in a view."""
    whole = query.kind in ("session", "count", "count_or_time")
    partition = f" PARTITION BY {', '.join(query.keys)}" if whole and query.keys else ""
    source, before, where = "t", "", ""
    if query.where and whole:
        source, before = "f", f"CREATE VIEW f AS SELECT * FROM t WHERE {comparison(query.where.column, query.where)};\n"
    elif query.where:
        where = f"\nWHERE {comparison(query.where.column, query.where)}"
    arguments = [f"TABLE {source}{partition}", f"DESCRIPTOR({time_name(query)})"] + window_arguments(query)
    group = ", ".join(["window_start", "window_end"] + list(query.keys))
    return (f"{before}SELECT {select_list(query, 'window_start', 'window_end')}\n"
            f"FROM TABLE({FUNCTIONS[query.kind]}({', '.join(arguments)})){where}\n"
            f"GROUP BY {group}{fill_clause(query)}{having_clause(query)}")


def group_query(query):
    """An old group window."""
    arguments = ", ".join([time_name(query)] + window_arguments(query))
    name = FUNCTIONS[query.kind]
    where = f"\nWHERE {comparison(query.where.column, query.where)}" if query.where else ""
    group = ", ".join([f"{name}({arguments})"] + list(query.keys))
    ends = select_list(query, f"{name}_START({arguments})", f"{name}_END({arguments})")
    return f"SELECT {ends}\nFROM t{where}\nGROUP BY {group}{fill_clause(query)}{having_clause(query)}"


def script(query):
    select = group_query(query) if query.form == "group" else function_query(query)
    return settings(query) + table(query) + select
