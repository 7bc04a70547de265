# SPDX-License-Identifier: Apache-2.0
"""Engines that are asked in SQL: DuckDB, ClickHouse, DataFusion. Each holds the rows in a table t of its own memory."""
from peers import Unable
from questions import conditions

PARTS = {"count": ("count",), "sum": ("sum",), "min": ("min",), "max": ("max",), "avg": ("sum", "count")}
AGAIN = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}  # of partial aggregates


class SqlEngine:
    """The question in SQL whose dialect the subclass knows. The result has the number of the window as w."""

    def __init__(self, table, asked):
        self.asked, self.schema = asked, table.schema
        self.time = asked["time"]
        self.greatest = self.greatest_time(table) if asked["window"] is not None else 0
        self.names = [key["name"] for key in asked["keys"]] + [one["name"] for one in asked["aggregates"]]
        self.load(table)
        self.sql = {None: self.plain, "tumble": self.tumble, "hop": self.hop, "session": self.session}[(asked["window"] or {}).get("kind")]()

    def greatest_time(self, table):
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.max(table.column(self.time).cast(pa.int64())).as_py()

    # -- parts of queries --

    def keys(self):
        """Keys as columns of a SELECT."""
        return "".join((self.quotient(key["of"], key["over"]) + f" AS {key['name']}, ") if "of" in key else f"{key['name']}, " for key in self.asked["keys"])

    def key_names(self):
        return "".join(f"{key['name']}, " for key in self.asked["keys"])

    def groups(self, *names):
        names = [*names, *(key["name"] for key in self.asked["keys"])]
        return f" GROUP BY {', '.join(names)}" if names else ""

    @staticmethod
    def call(function, column):
        return "count(*)" if function == "count" else f"{function}({column})"

    def aggregates(self):
        return ", ".join(f"{self.call(one['function'], one.get('of'))} AS {one['name']}" for one in self.asked["aggregates"])

    def filtered(self, sql):
        return f"SELECT * FROM ({sql}) AS r{conditions(self.asked['having'], 'WHERE')}" if self.asked["having"] else sql

    def where(self):
        return conditions(self.asked["where"], "WHERE")

    # -- queries --

    def plain(self):
        return self.filtered(f"SELECT {self.keys()}{self.aggregates()} FROM t{self.where()}{self.groups()}")

    def tumble(self):
        window = self.bucket(self.asked["window"]["size"])
        return self.filtered(f"SELECT {window} AS w, {self.keys()}{self.aggregates()} FROM t{self.where()}{self.groups('w')}")

    def hop(self):
        """In two stages by hand: slices, of which each then counts in all windows that hold it."""
        window = self.asked["window"]
        parts = {}  # name of a partial aggregate -> function, column
        for one in self.asked["aggregates"]:
            for part in PARTS[one["function"]]:
                parts[f"{one['name']}_{part}"] = (part, one.get("of"))
        partial = ", ".join(f"{self.call(function, column)} AS {name}" for name, (function, column) in parts.items())
        slices = f"SELECT {self.bucket(window['slide'])} AS p, {self.keys()}{partial} FROM t{self.where()}{self.groups('p')}"
        final = ", ".join(self.combine(one) for one in self.asked["aggregates"])
        spread = self.spread(slices, window["size"] // window["slide"], list(parts))
        return self.filtered(f"SELECT w, {self.key_names()}{final} FROM ({spread}) AS x{self.groups('w')}")

    @staticmethod
    def combine(one):
        name, function = one["name"], one["function"]
        if function == "avg":
            return f"CAST(sum({name}_sum) AS DOUBLE) / sum({name}_count) AS {name}"
        return f"{AGAIN[function]}({name}_{function}) AS {name}"

    def session(self):
        """By window functions: a row that comes after its gap begins a session; their running count numbers them."""
        ms, gap = self.ms(), self.asked["window"]["gap"]
        by = ", ".join(key["name"] for key in self.asked["keys"])
        over = f"OVER (PARTITION BY {by} ORDER BY {self.time})" if by else f"OVER (ORDER BY {self.time})"
        columns = ", ".join(self.asked["columns"])
        begins = f"SELECT {columns}, CASE WHEN {ms} - lag({ms}) {over} <= {gap} THEN 0 ELSE 1 END AS begins FROM t{self.where()}"
        numbered = f"SELECT {columns}, sum(begins) {over} AS number FROM ({begins}) AS b"
        return self.filtered(f"SELECT min({ms}) AS w, max({ms}) + {gap} AS window_end, {self.key_names()}{self.aggregates()} "
                             f"FROM ({numbered}) AS n{self.groups('number')}")

    # -- answers --

    def consumed(self):
        """The query whose single row depends on every column of the result."""
        sums = []
        if self.asked["window"] is not None:
            sums.append("sum(w)")
        if (self.asked["window"] or {}).get("kind") == "session":
            sums.append("sum(window_end)")
        sums += [f"sum({self.length(name)})" if self.is_text(name) else f"sum({name})" for name in self.names]
        return f"SELECT count(*), {', '.join(sums)} FROM ({self.sql}) AS result"

    def is_text(self, name):
        import pyarrow as pa

        index = self.schema.get_field_index(name)
        return index >= 0 and (pa.types.is_dictionary(self.schema.field(index).type) or pa.types.is_string(self.schema.field(index).type))

    def finished(self, table):
        """With window_start in ms in the place of w."""
        import pyarrow as pa
        import pyarrow.compute as pc

        window = self.asked["window"]
        if window is None:
            return table.select(self.names)
        unit = 1 if window["kind"] == "session" else window.get("slide") or window["size"]
        start = pc.multiply(table.column("w").cast(pa.int64()), unit)
        rest = (["window_end"] if window["kind"] == "session" else []) + self.names
        return table.select(rest).add_column(0, "window_start", start)


class DuckDB(SqlEngine):
    def load(self, table):
        import duckdb
        import pyarrow as pa

        self.db = duckdb.connect()
        casts = []
        for field in table.schema:
            if not pa.types.is_dictionary(field.type):
                casts.append(field.name)
                continue
            # An ENUM is what DuckDB has for it, and is the faster way.
            words = ", ".join(f"'{word}'" for word in table.column(field.name).chunk(0).dictionary.to_pylist())
            self.db.execute(f"CREATE TYPE words_{field.name} AS ENUM ({words})")
            casts.append(f"{field.name}::words_{field.name} AS {field.name}")
        self.db.execute(f"CREATE TABLE t AS SELECT {', '.join(casts)} FROM \"table\"")

    def use(self, threads):
        self.db.execute(f"SET threads = {threads}")

    def ms(self):
        return f"epoch_ms({self.time})"

    def bucket(self, size):
        return f"{self.ms()} // {size}"

    @staticmethod
    def quotient(column, over):
        return f"{column} // {over}"

    @staticmethod
    def length(name):
        return f"length({name}::VARCHAR)"

    def spread(self, slices, count, parts):
        return f"SELECT p - i AS w, {self.key_names()}{', '.join(parts)} FROM ({slices}) AS s, range({count}) AS r(i)"

    def consume(self):
        return self.db.execute(self.consumed()).fetchone()[0]

    def table(self):
        return self.finished(self.db.sql(self.sql).to_arrow_table())


class ClickHouse(SqlEngine):
    """In a table of engine Memory: two to four times as fast as reading Arrow data in place. A dictionary becomes an Enum16, twice
    as fast as LowCardinality(String) or more, and windows are numbered by the smallest integers, so that keys pack."""

    ENUM_BYTES_MAX = 200_000  # of its declaration: a query has at most 256 KiB

    def load(self, table):
        import chdb

        self.db = chdb.connect(":memory:")
        columns = ", ".join(f"{field.name} {self.type_of(table.column(field.name))}" for field in table.schema)
        self.db.query(f"CREATE TABLE t ({columns}) ENGINE = Memory")
        rows = table  # found by name
        self.db.query("INSERT INTO t SELECT * FROM Python(rows)")
        assert int(str(self.db.query("SELECT count() FROM t"))) == rows.num_rows

    def type_of(self, column):
        import pyarrow as pa

        if pa.types.is_dictionary(column.type):
            words = column.chunk(0).dictionary.to_pylist()
            made = "Enum16(" + ", ".join(f"'{word}' = {i}" for i, word in enumerate(words)) + ")"
            return made if len(made) < self.ENUM_BYTES_MAX else "LowCardinality(String)"
        known = {pa.int64(): "Int64", pa.int32(): "Int32", pa.int16(): "Int16", pa.int8(): "Int8", pa.float64(): "Float64",
                 pa.float32(): "Float32", pa.timestamp("ms"): "DateTime64(3)", pa.string(): "String"}
        return known[column.type]

    def use(self, threads):
        self.settings = f" SETTINGS max_threads = {threads}"

    def ms(self):
        return f"toUnixTimestamp64Milli({self.time})"

    def bucket(self, size):
        return f"{'toUInt16' if self.greatest // size < 2**16 else 'toUInt32'}(intDiv({self.ms()}, {size}))"

    @staticmethod
    def quotient(column, over):
        return f"intDiv({column}, {over})"

    @staticmethod
    def length(name):
        return f"length(toString({name}))"

    def spread(self, slices, count, parts):
        return f"SELECT toInt32(p) - arrayJoin(range({count})) AS w, {self.key_names()}{', '.join(parts)} FROM ({slices})"

    def session(self):
        """By arrays: of each key its rows in order, split where the distance is more than the gap."""
        if any(one["function"] not in ("count", "sum") or self.asked["having"] for one in self.asked["aggregates"]):
            raise Unable("sessions with count and sum only")
        gap = self.asked["window"]["gap"]
        values = [one["of"] for one in self.asked["aggregates"] if one["function"] == "sum"]
        rows = f"arraySort(x -> x.1, groupArray(({', '.join([self.ms(), *values, '0'])})))"
        final = []
        for one in self.asked["aggregates"]:
            at = 2 + values.index(one["of"]) if one["function"] == "sum" else None
            final.append(f"length(part) AS {one['name']}" if at is None else f"arraySum(x -> x.{at}, part) AS {one['name']}")
        sorted_rows = f"SELECT {self.keys()}{rows} AS a FROM t{self.where()}{self.groups()}"
        parts = f"SELECT {self.key_names()}arrayJoin(arraySplit((x, d) -> d > {gap}, a, arrayDifference(arrayMap(x -> x.1, a)))) AS part FROM ({sorted_rows})"
        return f"SELECT part[1].1 AS w, part[-1].1 + {gap} AS window_end, {self.key_names()}{', '.join(final)} FROM ({parts})"

    def consume(self):
        return str(self.db.query(self.consumed() + self.settings, "TSV")).split("\t")[0]

    def table(self):
        import pyarrow as pa
        import pyarrow.ipc as ipc

        texts = ", ".join(f"toString({name}) AS {name}" if self.is_text(name) else name for name in self.names)
        rest = {None: "", "session": "w, window_end, "}.get((self.asked["window"] or {}).get("kind"), "w, ")
        answer = self.db.query(f"SELECT {rest}{texts} FROM ({self.sql})" + self.settings + ", output_format_arrow_string_as_string = 1", "Arrow")
        table = ipc.open_file(pa.py_buffer(answer.bytes())).read_all()
        return self.finished(table)


class DataFusion(SqlEngine):
    def load(self, table):
        self.batches, self.threads = table.to_batches(max_chunksize=65536), 0

    def use(self, threads):
        import datafusion

        if threads == self.threads:
            return
        self.threads = threads
        self.db = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
        parts = [self.batches[i::threads] for i in range(threads)]
        self.db.register_record_batches("t", [part for part in parts if part])

    def ms(self):
        return f"CAST({self.time} AS BIGINT)"

    def bucket(self, size):
        return f"{self.ms()} / {size}"

    @staticmethod
    def quotient(column, over):
        return f"{column} / {over}"

    @staticmethod
    def length(name):
        return f"octet_length({name})"

    def spread(self, slices, count, parts):
        inner = f"SELECT p, {self.key_names()}{', '.join(parts)}, unnest(range(0, {count})) AS i FROM ({slices}) AS s"
        return f"SELECT p - i AS w, {self.key_names()}{', '.join(parts)} FROM ({inner}) AS e"

    def consume(self):
        return self.db.sql(self.consumed()).collect()[0].column(0)[0].as_py()

    def table(self):
        import pyarrow as pa

        batches = self.db.sql(self.sql).collect()
        return self.finished(pa.Table.from_batches(batches))
