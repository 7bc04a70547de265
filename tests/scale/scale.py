#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""weir against DuckDB, and weir's strategies against each other, over random streams of many rows.

  scale.py BUILD [--seed N] [--cases N] [--seconds N] [--rows MOST] [--least ROWS] [--configurations N]
           [--keep FOLDER]

BUILD holds tests/scale/scale_drive and weir-modules. Each case is a stream and a question, drawn from its seed: case i has
seed + i; those of fewer than --least rows are left out. It is worked with several configurations (workers, strategy, slices,
waiting, rows a batch). Results must be those of DuckDB and those of the first configuration, bit for bit but for sums of
floats that depend on the order of adding, which must be the same in two runs of one configuration (with
weir.ordered-floats in all of them). A difference is made small (half of the rows, fewer aggregates) and
printed; its script and data stay in FOLDER. Ends with the line "N passed, N failed"; status 77 where Python lacks DuckDB,
pyarrow or polars.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import duckdb
    import numpy as np
    import polars as pl
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.ipc
except ImportError as lack:
    print(f"skipped: {lack}")
    sys.exit(77)

import questions
import streams

SUMS_OF_ORDER = ("SUM", "AVG")
PLAIN = {"workers": 0, "waiting": 1, "slices": 1}
short_of_memory = []  # seeds, one for each run that said so


class Different(Exception):
    pass


# ---- configurations ----


def configurations(case, count):
    """The first is the plain one; the last is drawn and runs twice."""
    r = random.Random(case["seed"] * 7919 + 1)
    out = [PLAIN, {"workers": 0}, {"workers": r.choice((1, 2, 3))}]
    # An eighth of memory_max is where rows wait. There it is full some times, and sums are kept beside it.
    out.append({"workers": r.choice((0, 0, 0, 2)), "strategy": r.choice((2, 3)), "waiting": 2,
                "memory_max": (case["distinct"] * r.choice((80, 160, 240))) + (6 << 20)})
    while len(out) < count:
        one = {"workers": r.choice((0, 0, 1, 2, 3, 5)), "strategy": r.randrange(4), "slices": r.choice((0, 0, 0, 1, 2)),
               "waiting": r.choice((0, 0, 1, 2, 2)), "batch_rows": r.choice((100, 1000, 4096, 16_384, 65_536, 1_000_000))}
        if r.random() < 0.3:
            one["memory_max"] = r.choice((16, 32, 64, 128, 400)) << 20
        if r.random() < 0.15:
            one["simd"] = r.choice(("baseline", "avx2"))
        if one["batch_rows"] == 100 and one["workers"] > 2:
            one["batch_rows"] = 500
        out.append(one)
    return out


# ---- weir ----


def run_weir(build, case, path, folder, configuration, name):
    """(rows, counters) or (None, message)."""
    out = folder / f"{name}.arrow"
    text = folder / f"{name}.sql"
    text.write_text(questions.script(case, path, out))
    words = [f"{k}={v}" for k, v in configuration.items()]
    command = [str(build / "tests/scale/scale_drive"), str(text)] + words
    environment = dict(os.environ, WEIR_MODULE_DIR=str(build / "weir-modules"))
    environment.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment)
    if done.returncode == 1 and "ERROR: " not in done.stderr and "runtime error" not in done.stderr:
        return None, done.stderr.strip()
    if done.returncode != 0:
        raise Different(f"the program ended with {done.returncode}: {done.stderr[-3000:]}")
    with pa.memory_map(str(out)) as file:
        rows = pa.ipc.open_file(file).read_all()
    return rows, done.stdout.strip()


# ---- results ----


def canonical(rows, case, loose):
    """As a frame of columns that compare bit for bit. loose: both zeros are one, and all NaN."""
    columns = {}
    hidden = sums_of_order(case)
    for name, column in zip(rows.column_names, rows.columns):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
        if name in hidden and not (case["ordered_floats"] and not loose):
            continue
        columns[name] = pl.from_arrow(plain(column, loose))
    return pl.DataFrame(columns, height=rows.num_rows)


def plain(column, loose):
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.large_string())
    if pa.types.is_string(column.type):
        column = column.cast(pa.large_string())
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("ms")).cast(pa.int64())
    if pa.types.is_floating(column.type):
        bits = column.cast(pa.float64())
        if loose:
            bits = pc.if_else(pc.is_nan(bits), pa.scalar(float("nan")), pc.if_else(pc.equal(bits, 0.0), pa.scalar(0.0), bits))
        values = bits.fill_null(0.0).to_numpy(zero_copy_only=False).view(np.int64)
        return pc.if_else(column.is_valid(), pa.array(values), pa.scalar(None, pa.int64()))
    return column


def sums_of_order(case):
    return {f"a{i}" for i, (function, column, _) in enumerate(case["aggregates"])
            if column == "vf" and function in SUMS_OF_ORDER}


def difference(one, other):
    if one.columns != other.columns:
        return f"columns {one.columns} and {other.columns}"
    if one.height == other.height and (one.width == 0 or fingerprint(one) == fingerprint(other)):
        return None
    return f"{one.height} and {other.height} rows" + example(one, other)


def fingerprint(frame):
    """Of the rows in any order: sorting millions of them takes longer than making them."""
    return [frame.hash_rows(seed=seed).sum() for seed in (1, 2)] + [str(kind) for kind in frame.dtypes]


def example(one, other):
    lost = one.join(other, on=one.columns, how="anti", nulls_equal=True).head(4)
    more = other.join(one, on=one.columns, how="anti", nulls_equal=True).head(4)
    return f"\n  only here: {lost.rows()}\n  only there: {more.rows()}"


# ---- DuckDB ----


def ask_duckdb(case, table):
    """(rows, whether a sum of integers has no room in its type)"""
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET preserve_insertion_order = false; SET memory_limit = '8GB'; SET TimeZone = 'UTC'")
    source = table
    for i, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            source = source.set_column(i, field.name, source.column(i).cast(pa.string()))
    connection.register("t", source)
    connection.execute(f"CREATE TEMP TABLE g AS {questions.duck_groups(case)}")
    tests = [f"bool_or(a{i} NOT BETWEEN {-2**b} AND {2**b - 1})" for i, (f, c, _) in enumerate(case["aggregates"])
             if f == "SUM" and (b := {"vi": 31, "vb": 63}.get(c))]
    overflow = any(connection.execute(f"SELECT {', '.join(tests)} FROM g").fetchall()[0]) if tests else False
    rows = connection.sql(questions.duck_result(case)).to_arrow_table()
    connection.close()
    return rows, overflow


def like_duckdb(rows, expected):
    """weir's rows with DuckDB's names and types where the value is the same."""
    names = {"window_start": "ws", "window_end": "we"}
    rows = rows.rename_columns([names.get(n, n) for n in rows.column_names])
    for i, field in enumerate(rows.schema):
        if pa.types.is_timestamp(field.type):
            rows = rows.set_column(i, field.name, rows.column(i).cast(pa.timestamp("ms")).cast(pa.int64()))
        elif pa.types.is_integer(field.type):
            rows = rows.set_column(i, field.name, rows.column(i).cast(pa.int64()))
    for i, field in enumerate(expected.schema):
        if pa.types.is_integer(rows.schema.field(i).type):
            expected = expected.set_column(i, field.name, expected.column(i).cast(pa.int64()))
        elif pa.types.is_decimal(field.type):
            rows = rows.set_column(i, rows.schema.field(i).name, rows.column(i).cast(pa.decimal128(38, field.type.scale)))
            expected = expected.set_column(i, field.name, expected.column(i).cast(pa.decimal128(38, field.type.scale)))
    return rows, expected


# ---- a case ----


def check(build, case, table, folder, todo):
    """Raises Different, with the configuration that is to blame."""
    path = streams.write(table, case, folder)
    expected, overflow = ask_duckdb(case, table)
    first = None
    for number, configuration in enumerate(todo):
        try:
            rows, said = run_weir(build, case, path, folder, configuration, f"out{number}")
            if rows is None:
                if "memory_max" in configuration and "memory" in said:
                    short_of_memory.append(case["seed"])
                elif not overflow:
                    raise Different(f"failed: {said}")
                continue
            if overflow:
                raise Different("a sum has no room in its type, and weir did not say so")
            if first is None:
                trouble = difference(*(canonical(r, case, True) for r in like_duckdb(rows, expected)))
                if trouble:
                    raise Different(f"not DuckDB's rows (weir, DuckDB): {trouble}")
                first = canonical(rows, case, False), said
            else:
                trouble = difference(canonical(rows, case, False), first[0])
                if trouble:
                    raise Different(f"not the rows of {todo[0]} (these, those): {trouble}")
                if said != first[1]:
                    raise Different(f"other counters than {todo[0]}: {said} and {first[1]}")
            if configuration is todo[-1] and number > 0:
                again, _ = run_weir(build, case, path, folder, configuration, f"again{number}")
                trouble = difference(*(canonical(r, dict(case, ordered_floats=True), False) for r in (again, rows)))
                if trouble:
                    raise Different(f"not the same rows in two runs: {trouble}")
        except Different as found:
            raise Different(configuration, str(found)) from None
        except subprocess.TimeoutExpired:
            raise Different(configuration, "no end within 900 s") from None


def shrunk(build, case, table, folder, blame, deadline):
    """A smaller case and table with a difference, and what it says."""
    todo = [PLAIN, blame] if blame != PLAIN else [blame]

    def fails(smaller, rows):
        if time.time() > deadline:
            return None
        try:
            check(build, smaller, rows, folder, todo)
        except Different as found:
            return found.args[-1]
        except Exception:
            return None
        return None

    text, moved = None, True
    while moved and table.num_rows > 1:
        moved = False
        half = (table.num_rows + 1) // 2
        for start in (0, table.num_rows - half, table.num_rows // 4):
            part = table.slice(start, half).combine_chunks()
            if start and case["watermark"]:
                part = with_watermarks(part, case)
            said = fails(case, part)
            if said:
                table, text, moved = part, said, True
                break
    for change in changes(case):
        smaller = change(case)
        said = smaller and fails(smaller, table)
        if said:
            case, text = smaller, said
    return case, table, text


def with_watermarks(table, case):
    at = table["t"].fill_null(-(2**60)).to_numpy()
    claims = np.maximum.accumulate(np.where(at == -(2**60), -(2**62), at - case["delay"]))
    before = np.concatenate(([-(2**62)], claims[:-1]))
    return table.set_column(table.schema.get_field_index("wb"), "wb", pa.array(before))


def changes(case):
    yield lambda c: dict(c, where=[]) if c["where"] else None
    yield lambda c: dict(c, having=None) if c["having"] else None
    yield lambda c: dict(c, ordered_floats=False) if c["ordered_floats"] else None
    for one in case["aggregates"]:
        yield lambda c, one=one: dict(c, aggregates=[a for a in c["aggregates"] if a != one]) \
            if c["having"] is None and any(a != one for a in c["aggregates"]) else None
    yield lambda c: dict(c, format="arrow", group_rows=65_536, ipc_compression=None) if c["format"] != "arrow" else None


def report(case, table, folder, blame, text):
    path = streams.write(table, case, folder)
    for stale in list(folder.glob("out*")) + list(folder.glob("again*")):
        stale.unlink()
    script = questions.script(case, path, folder / "out.arrow")
    (folder / "script.sql").write_text(script)
    (folder / "case.json").write_text(json.dumps(case))
    words = " ".join(f"{k}={v}" for k, v in blame.items())
    print(f"FAIL seed {case['seed']}, {table.num_rows} rows left\n  scale_drive {folder}/script.sql {words}\n"
          f"  {script}  {text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=10**9)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--least", type=int, default=0)
    parser.add_argument("--configurations", type=int, default=7)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "weir-scale")
    options = parser.parse_args()
    build = options.build.resolve()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6) * 1000
    print(f"scale: seed {seed}, up to {options.cases} cases of up to {options.rows} rows", flush=True)
    parquet = (build / "weir-modules/weir_parquet.so").exists()
    if not parquet:
        print("scale: weir is without Parquet; such streams are Arrow files")
    begun, passed, failed, rows, runs = time.time(), 0, 0, 0, 0
    for number in range(seed, seed + options.cases):
        if time.time() - begun > options.seconds:
            break
        case = questions.draw(number, options.rows)
        if case["rows"] < options.least:
            continue
        if case["format"] == "parquet" and not parquet:
            case["format"] = "arrow"
        table = streams.stream(case)
        todo = configurations(case, options.configurations)[:options.configurations]
        with tempfile.TemporaryDirectory(prefix="weir-scale-") as folder:
            at = time.time()
            try:
                check(build, case, table, Path(folder), todo)
                passed += 1
            except Different as found:
                failed += 1
                blame, text = found.args
                print(f"difference at seed {number}, {case['rows']} rows, {blame}: {text}", flush=True)
                kept = options.keep / str(number)
                kept.mkdir(parents=True, exist_ok=True)
                case, small, less = shrunk(build, case, table, Path(folder), blame, time.time() + 240)
                report(case, small, kept, blame, less or text)
        rows += table.num_rows * (len(todo) + 1)
        runs += len(todo) + 1
        print(f"seed {number}: {case['window']['kind']} {case['format']} {table.num_rows} rows, {len(case['keys'])} keys of "
              f"{case['distinct']} {case['order']}, {time.time() - at:.1f} s", flush=True)
    print(f"scale: {runs} runs over {rows / 1e6:.0f} M rows in {time.time() - begun:.0f} s, "
          f"of which {len(short_of_memory)} had too little memory_max")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
