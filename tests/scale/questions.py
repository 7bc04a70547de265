# SPDX-License-Identifier: Apache-2.0
"""A random case: the shape of a stream and what is asked of it, in words for weir and for DuckDB."""
import random

import streams

WINDOWS = ("none", "tumble", "tumble", "tumble", "hop", "cumulate", "session")


def draw(seed, rows_max):
    r = random.Random(seed)
    rows = min(rows_max, int(10 ** r.uniform(5.3, 7.0) if r.random() < 0.15 else 10 ** r.uniform(5.0, 6.3)))
    rows = max(1, min(rows, rows_max))
    distinct = max(1, min(rows, int(10 ** r.uniform(0, 6.7)) if r.random() < 0.5 else int(rows / r.uniform(1, 30))))
    case = {"seed": seed, "rows": rows, "distinct": distinct, "order": r.choice(streams.ORDERS)}
    case["keys"] = [draw_key(r, i, distinct) for i in range(r.choice((0, 1, 1, 1, 1, 2, 2, 3, 4)))]
    case["window"] = draw_window(r)
    many = r.random() < 0.4
    if many:
        draw_many(r, case)
    if case["distinct"] > 100_000:
        case["window"]["parts"] = min(case["window"]["parts"], 2)
    case["watermark"] = case["window"]["kind"] != "none" and r.random() < 0.75
    draw_time(r, case)
    draw_values(r, case)
    draw_file(r, case)
    case["where"] = [draw_where(r, case) for _ in range(r.choice((0, 0, 1, 1, 2)))]
    case["glue"] = r.choice(("AND", "OR"))
    case["aggregates"] = draw_aggregates(r, case, many or r.random() < 0.5)
    case["having"] = draw_having(r, case)
    case["ordered_floats"] = r.random() < 0.15
    case["bounds"] = case["window"]["kind"] != "none" and r.random() < 0.9
    return case


def draw_many(r, case):
    """What may wait, live in parts, or be direct: many keys of one word, and windows of one slice."""
    case["distinct"] = max(1, int(case["rows"] / r.uniform(1, 8)))
    case["order"] = r.choice(("uniform", "uniform", "fresh", "drift", "few_then_many", "round", "zipf"))
    kinds = r.choice((("BIGINT",), ("BIGINT",), ("INT",), ("INT", "SMALLINT"), ("INT", "BOOLEAN"), ("DECIMAL(10, 2)",)))
    case["keys"] = []
    for i, kind in enumerate(kinds):
        key = draw_key(r, i, case["distinct"])
        key["type"] = kind
        if i == 0:
            key["distinct"] = case["distinct"]
        case["keys"].append(key)
    case["window"]["kind"] = r.choice(("none", "none", "tumble", "tumble", "tumble", "hop", "cumulate"))


def draw_key(r, i, distinct):
    kind = r.choice(("BIGINT", "BIGINT", "INT", "STRING", "STRING", "STRING", "SMALLINT", "DATE", "DECIMAL(10, 2)",
                     "DECIMAL(30, 4)", "BOOLEAN"))
    nulls = r.choice((0, 0, 0, 0.0001, 0.05, 0.9))
    return {"type": kind, "salt": r.randrange(1000), "nulls": nulls, "not_null": nulls == 0 and r.random() < 0.5,
            "distinct": distinct if i == 0 and r.random() < 0.8 else max(1, int(10 ** r.uniform(0, 5))),
            "spread": r.choice(("dense", "stride", "mixed")), "base": r.choice((0, 1, 100_000, -5, 2**30)),
            "stride": r.choice((1, 2, 64, 1000, 4096)), "length": r.choice(("short", "short", "long", "mixed")),
            "dictionary": r.choice((None, "int8", "int16", "int32")), "bound": r.random() < 0.6,
            "order": r.choice(streams.ORDERS)}


def draw_window(r):
    kind = r.choice(WINDOWS)
    step = r.choice((100, 1000, 5000, 60_000, 3_600_000))
    return {"kind": kind, "step": step, "parts": r.choice((1, 2, 3, 5)), "offset": r.choice((0, 0, 0, step // 4)),
            "partition": None}


def draw_time(r, case):
    step = case["window"]["step"]
    windows = r.choice((1, 1, 3, 10, 10, 50, 200))
    case["span"] = step * windows
    case["delay"] = r.choice((0, 1000, 10_000, step))
    case["lateness"] = r.choice(("ordered", "covered", "covered", "beyond")) if case["window"]["kind"] != "session" else \
        r.choice(("ordered", "covered"))
    if not case["watermark"]:
        case["delay"] = 0
    if case["window"]["kind"] == "session" and case["watermark"]:  # no row comes as a session that it touches fires
        case["delay"] = max(case["delay"], 1000)
    if case["delay"] == 0 and case["lateness"] == "covered":
        case["lateness"] = "ordered"
    case["time_shape"] = r.choice(("even", "jitter", "steps"))
    if case["time_shape"] == "jitter" and (case["lateness"] == "covered" or case["window"]["kind"] == "session"):
        case["time_shape"] = "even"
    case["time_nulls"] = r.choice((0, 0, 0, 0.001))
    case["time_type"] = "TIMESTAMP(3)" if case["watermark"] else r.choice(("TIMESTAMP(3)", "TIMESTAMP(6)"))


def draw_values(r, case):
    case["values"] = r.choice(("small", "small", "medium", "extreme"))
    case["odd_doubles"] = r.random() < 0.25
    case["decimal"] = r.choice(((9, 2, 99_999), (18, 4, 10**12), (30, 6, 10**10)))
    case["value_nulls"] = {name: r.choice((0.001, 0.3, 0.97)) for name in streams.VALUES if r.random() < 0.4}
    case["value_not_null"] = [name for name in streams.VALUES if name not in case["value_nulls"] and r.random() < 0.5]


def draw_file(r, case):
    case["format"] = r.choice(("arrow", "arrow", "arrow", "stream", "parquet", "parquet", "csv"))
    case["group_rows"] = r.choice((3_000, 20_000, 65_536, 250_000, 1_000_000))
    case["files"] = r.choice((1, 1, 3))
    case["compression"] = r.choice(("none", "snappy", "zstd"))
    case["ipc_compression"] = r.choice((None, None, "lz4", "zstd"))
    case["parquet_dictionary"] = r.random() < 0.6
    if case["format"] == "csv":  # no NaN: what text stands for it is another question
        case["odd_doubles"] = False
        case["rows"] = min(case["rows"], 1_500_000)


def draw_where(r, case):
    choices = [f"vi > {r.choice((-50, 0, 90, 2_000_000_000))}", f"vb <= {r.choice((-500, 0, 999, 10**18))}", "vd >= 0e0",
               "vs LIKE 'k1%'", "vs <> 'k7'", "vm IS NOT NULL", f"va < DATE '{r.choice((1975, 2000, 2040))}-06-01'",
               f"vi BETWEEN -10 AND {r.choice((10, 100_000))}", "vi IN (1, 2, 3, 5, 8, 13, 21)", "vb IS NULL OR vd < 0e0",
               "NOT (vi > 0 AND vb > 0)"]
    share = r.random()
    moment = streams.START + int(case["span"] * share)
    stamp = f"TIMESTAMP '{text_of(moment)}'"
    choices += [f"ts < {stamp}", f"ts >= {stamp}"] * 2
    if case["keys"]:
        kind = case["keys"][0]["type"]
        if kind in ("BIGINT", "INT"):
            choices += ["k0 > 1000", "k0 % 2 = 0", "k0 IS NOT NULL"]
        if kind == "STRING":
            choices += ["k0 LIKE '%7'", "k0 >= 'k5'", "k0 = 'k3' OR k0 = 'k4'", "k0 <> 'k1'"]
        if kind == "BOOLEAN":
            choices += ["k0", "NOT k0", "k0 IS NOT TRUE"]
    return r.choice(choices)


def text_of(ms):
    import datetime
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def draw_aggregates(r, case, numbers_only):
    """(function, column, filter). What may wait has arguments of 64 bits alone."""
    functions = ["COUNT", "SUM", "MIN", "MAX", "AVG"]
    sums = functions if case["values"] != "extreme" or r.random() < 0.1 else ["COUNT", "MIN", "MAX", "AVG"]
    takes = {"vi": sums, "vb": sums, "vd": functions, "vm": ["COUNT", "MIN", "MAX"],
             "vs": ["COUNT", "MIN", "MAX"], "va": ["COUNT", "MIN", "MAX"], "vf": ["SUM", "AVG", "MIN"]}
    out = []
    columns = ["vb", "vd", "vd", "vi"] if numbers_only else ["vi", "vb", "vd", "vm", "vs", "va", "vf"]
    for _ in range(r.choice((1, 1, 2, 2, 3, 4, 6))):
        column = r.choice(columns)
        condition = None if r.random() < 0.85 else r.choice(("vi > 10", "vd < 0e0", "vs LIKE 'k%'", "vb IS NOT NULL"))
        out.append((r.choice(takes[column]), column, condition))
    if r.random() < 0.7:
        out.insert(r.randrange(len(out) + 1), ("COUNT", "*", None if r.random() < 0.9 else "vi > 0"))
    return out


def draw_having(r, case):
    if r.random() < 0.75:
        return None
    for i, (function, column, _) in enumerate(case["aggregates"]):
        if function == "COUNT":
            return (i, f"> {r.choice((0, 1, 5))}")
        if column == "vd" and function in ("SUM", "MAX") and not case["odd_doubles"]:
            return (i, "> 0e0")
        if column == "vi" and function in ("MIN", "MAX"):
            return (i, "< 100")
    return None


# ---- for weir ----


def interval(ms):
    return f"INTERVAL '{ms // 1000}" + (f".{ms % 1000:03d}" if ms % 1000 else "") + "' SECOND"


def keys_of(case):
    return [f"k{i}" for i in range(len(case["keys"]))]


def aggregate(function, column, condition):
    return f"{function}({column})" + (f" FILTER (WHERE {condition})" if condition else "")


def script(case, path, out):
    columns = [f"k{i} {key['type']}" + (" NOT NULL" if key["not_null"] else "") for i, key in enumerate(case["keys"])]
    kinds = {"vi": "INT", "vb": "BIGINT", "vd": "DOUBLE", "vm": "DECIMAL({}, {})".format(*case["decimal"][:2]),
             "vs": "STRING", "va": "DATE", "vf": "DOUBLE"}
    columns += [f"{name} {kind}" + (" NOT NULL" if name in case["value_not_null"] else "") for name, kind in kinds.items()]
    columns.append(f"ts {case['time_type']}")
    if case["watermark"]:
        columns.append("WATERMARK FOR ts AS ts" + (f" - {interval(case['delay'])}" if case["delay"] else ""))
    kind = {"stream": "arrow"}.get(case["format"], case["format"])
    options = f"'connector' = 'filesystem', 'path' = '{path}', 'format' = '{kind}'"
    if kind == "csv":
        options += ", 'csv.null-literal' = ''"
    keys = keys_of(case)
    window = window_of(case, keys)
    group = keys + (["window_start", "window_end"] if window != "t" else [])
    shown = keys + (["window_start", "window_end"] if window != "t" and case["bounds"] else [])
    chosen = shown + [f"{aggregate(*a)} AS a{i}" for i, a in enumerate(case["aggregates"])]
    text = f"CREATE TABLE t ({', '.join(columns)}) WITH ({options});\n"
    if case["ordered_floats"]:
        text += "SET 'weir.ordered-floats' = 'true';\n"
    text += f"INSERT INTO '{out}' SELECT {', '.join(chosen)} FROM {window}{where(case)}"
    if group:
        text += f" GROUP BY {', '.join(group)}"
    if case["having"]:
        i, test = case["having"]
        text += f" HAVING {aggregate(*case['aggregates'][i])} {test}"
    return text + ";\n"


def where(case):
    return "" if not case["where"] else " WHERE " + f" {case['glue']} ".join(f"({one})" for one in case["where"])


def window_of(case, keys):
    w = case["window"]
    step, size = w["step"], w["step"] * w["parts"]
    offset = f", {interval(w['offset'])}" if w["offset"] else ""
    if w["kind"] == "tumble":
        return f"TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), {interval(step)}{offset}))"
    if w["kind"] in ("hop", "cumulate"):
        return f"TABLE({w['kind'].upper()}(TABLE t, DESCRIPTOR(ts), {interval(step)}, {interval(size)}{offset}))"
    if w["kind"] == "session":
        parts = f" PARTITION BY ({', '.join(keys)})" if keys else ""
        return f"TABLE(SESSION(TABLE t{parts}, DESCRIPTOR(ts), {interval(step)}))"
    return "t"


# ---- for DuckDB ----


def panes(case):
    w = case["window"]
    step, size, offset = w["step"], w["step"] * w["parts"], w["offset"]
    first = f"(t - (t - {offset}) % {step})"
    if w["kind"] == "tumble":
        return f"{first} AS ws, {first} + {step} AS we", None
    if w["kind"] == "hop":
        return f"{first} - p * {step} AS ws, {first} - p * {step} + {size} AS we", w["parts"]
    period = f"(t - (t - {offset}) % {size})"
    return f"{period} AS ws, {period} + (p + 1) * {step} AS we", w["parts"]


def duck_aggregate(function, column, condition):
    suffix = f" FILTER (WHERE {condition})" if condition else ""
    if function != "AVG":
        return f"{function}({column}){suffix}"
    total, count = f"SUM({column}){suffix}", f"COUNT({column}){suffix}"
    return f"({total})::HUGEINT // ({count})" if column in ("vi", "vb") else f"({total}) / ({count})"


def duck_where(case):
    """Comparisons with NaN are FALSE; in DuckDB it is above all numbers."""
    return where(case).replace("vd >= 0e0", "vd >= 0e0 AND NOT isnan(vd)")


def duck_groups(case):
    """All groups, before HAVING."""
    keys = keys_of(case)
    kind = case["window"]["kind"]
    aggregates = ", ".join(f"{duck_aggregate(*a)} AS a{i}" for i, a in enumerate(case["aggregates"]))
    rows = f"SELECT * FROM t{duck_where(case)}"
    if kind == "none":
        group = f" GROUP BY {', '.join(keys)}" if keys else ""
        return f"SELECT {', '.join(keys + [aggregates])} FROM ({rows}){group}"
    rows = f"SELECT * FROM ({rows}) WHERE t IS NOT NULL"
    if kind == "session":
        by = f"PARTITION BY {', '.join(keys)} " if keys else ""
        gap = case["window"]["step"]
        rows = (f"SELECT *, SUM(b) OVER ({by}ORDER BY t, rn ROWS UNBOUNDED PRECEDING) AS sn FROM (SELECT *, "
                f"CASE WHEN t - LAG(t) OVER ({by}ORDER BY t, rn) <= {gap} THEN 0 ELSE 1 END AS b FROM ({rows}))")
        group = ", ".join(keys + ["sn"])
        names = "".join(f"{k}, " for k in keys)
        return f"SELECT {names}MIN(t) AS ws, MAX(t) + {gap} AS we, {aggregates} FROM ({rows}) GROUP BY {group}"
    bounds, count = panes(case)
    source = f"({rows})" if count is None else f"({rows}), (SELECT unnest(range({count})) AS p)"
    rows = f"SELECT * FROM (SELECT *, {bounds} FROM {source}) WHERE we > t AND we - 1 > wb"
    names = "".join(f"{k}, " for k in keys)
    return f"SELECT {names}ws, we, {aggregates} FROM ({rows}) GROUP BY {names}ws, we"


def duck_result(case):
    shown = keys_of(case) + (["ws", "we"] if case["window"]["kind"] != "none" and case["bounds"] else [])
    shown += [f"a{i}" for i in range(len(case["aggregates"]))]
    having = f" WHERE a{case['having'][0]} {case['having'][1]}" if case["having"] else ""
    return f"SELECT {', '.join(shown)} FROM g{having}"
