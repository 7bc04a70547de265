# SPDX-License-Identifier: Apache-2.0
"""What engines are asked: windows with aggregates by keys, as a dictionary that travels as JSON, and weir's SQL for it.

    time        column of timestamps in ms; not where there is no window
    window      None, or {"kind": "tumble", "size": MS}, {"kind": "hop", "size": MS, "slide": MS} (size a multiple of
                slide), {"kind": "session", "gap": MS}
    keys        [{"name": N} or {"name": N, "of": COLUMN, "over": INTEGER}, ...]: a column, or its quotient
    aggregates  [{"name": N, "function": "count"|"sum"|"min"|"max"|"avg"|"mean", "of": COLUMN}, ...]; avg is of doubles, mean of
                integers, as a double
    where       [[COLUMN, OPERATOR, NUMBER, TEXT or {"column": COLUMN}], ...], all of which hold
    having      the same over names of aggregates
    text        true where the rows are read as text, anew each time
Results have window_start (and window_end of sessions), then the keys, then the aggregates.
"""


def question(columns, window=None, keys=(), aggregates=(), where=(), having=(), time="ts"):
    return {"columns": list(columns), "time": time, "window": window, "keys": [key if isinstance(key, dict) else {"name": key} for key in keys],
            "aggregates": [dict(zip(("name", "function", "of"), one)) for one in aggregates],
            "where": [list(one) for one in where], "having": [list(one) for one in having]}


def tumble(size):
    return {"kind": "tumble", "size": size}


def hop(size, slide):
    return {"kind": "hop", "size": size, "slide": slide}


def session(gap):
    return {"kind": "session", "gap": gap}


def span_of(window):
    """The ms that a row can wait for its window's end."""
    return window.get("size") or window.get("gap")


def conditions(pairs, word):
    def literal(value):
        if isinstance(value, dict):
            return value["column"]
        return f"'{value}'" if isinstance(value, str) else value

    return f" {word} " + " AND ".join(f"{column} {operator} {literal(value)}" for column, operator, value in pairs) if pairs else ""


def call_of(aggregate):
    function, column = aggregate["function"], aggregate.get("of")
    if function == "mean":
        return f"AVG(CAST({column} AS DOUBLE))"
    return "COUNT(*)" if function == "count" else f"{function.upper()}({column})"


def interval(ms):
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"INTERVAL '{days} {hours:02}:{minutes:02}:{seconds:02}.{rest:03}' DAY TO SECOND(3)"


# Of columns in tables that a script declares, by name.
TYPES = {"ts": "TIMESTAMP(3)", "late1": "TIMESTAMP(3)", "late10": "TIMESTAMP(3)", "k": "BIGINT", "k64": "BIGINT", "v": "DOUBLE"}


def declaration(asked):
    columns = ", ".join(f"{name} {TYPES[name]}" for name in asked["columns"])
    return f"CREATE TABLE t ({columns}, WATERMARK FOR {asked['time']} AS {asked['time']} - INTERVAL '1' SECOND) WITH ('connector' = 'push'); "


def weir_sql(asked, declared=False):
    """For the pushed table t."""
    window, names = asked["window"], [key["name"] for key in asked["keys"]]
    keys = [f"{key['of']} / {key['over']}" if "of" in key else key["name"] for key in asked["keys"]]
    selected = [f"{value} AS {name}" if value != name else name for value, name in zip(keys, names)]
    selected += [f"{call_of(aggregate)} AS {aggregate['name']}" for aggregate in asked["aggregates"]]
    groups, source = list(keys), "t"
    if window is not None:
        by = f" PARTITION BY {', '.join(names)}" if window["kind"] == "session" and names else ""
        lengths = [window[name] for name in ("slide", "size", "gap") if name in window]
        source = f"TABLE({window['kind'].upper()}(TABLE t{by}, DESCRIPTOR({asked['time']}), {', '.join(map(interval, lengths))}))"
        groups = ["window_start", "window_end", *keys]
        selected = ["window_start", "window_end"][:2 if window["kind"] == "session" else 1] + selected
    calls = {aggregate["name"]: call_of(aggregate) for aggregate in asked["aggregates"]}
    having = conditions([(calls[name], operator, value) for name, operator, value in asked["having"]], "HAVING")
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    sql = f"SELECT {', '.join(selected)} FROM {source}{conditions(asked['where'], 'WHERE')}{by}{having}"
    return (declaration(asked) if declared else "") + sql
