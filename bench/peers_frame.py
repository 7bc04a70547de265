# SPDX-License-Identifier: Apache-2.0
"""Engines that are asked by calls: Polars (streaming) and Arrow's Acero."""
import operator
import os

from peers import Unable

OPERATORS = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Polars:
    """How many threads it has is said before it is loaded: a process a number of threads."""

    def __init__(self, table, asked):
        import polars as pl

        self.pl, self.asked = pl, asked
        frame = self.frame(table)
        for column, name, value in asked["where"]:
            frame = frame.filter(OPERATORS[name](pl.col(column), pl.col(value["column"]) if isinstance(value, dict) else value))
        kind = (asked["window"] or {}).get("kind")
        groups = {None: self.plain, "tumble": self.tumble, "hop": self.hop, "session": self.session}[kind](frame)
        for column, name, value in asked["having"]:
            groups = groups.filter(OPERATORS[name](pl.col(column), value))
        starts = [] if kind is None else ["window_start", "window_end"] if kind == "session" else ["window_start"]
        self.groups = groups.select(*starts, *self.key_names(), *(one["name"] for one in asked["aggregates"]))

    def frame(self, table):
        return self.pl.from_arrow(table).lazy()

    def key_names(self):
        return [key["name"] for key in self.asked["keys"]]

    def keys(self):
        pl = self.pl
        return [(pl.col(key["of"]) // key["over"]).alias(key["name"]) if "of" in key else pl.col(key["name"]) for key in self.asked["keys"]]

    def ms(self):
        return self.pl.col(self.asked["time"]).dt.epoch("ms")

    def call(self, function, column, name):
        pl = self.pl
        made = pl.len() if function == "count" else getattr(pl.col(column), {"avg": "mean"}.get(function, function))()
        return made.alias(name)

    def aggregates(self):
        return [self.call(one["function"], one.get("of"), one["name"]) for one in self.asked["aggregates"]]

    def plain(self, frame):
        return frame.group_by(self.keys()).agg(self.aggregates()) if self.asked["keys"] else frame.select(self.aggregates())

    def tumble(self, frame):
        size = self.asked["window"]["size"]
        groups = frame.group_by([(self.ms() // size).alias("w"), *self.keys()]).agg(self.aggregates())
        return groups.with_columns((self.pl.col("w") * size).alias("window_start"))

    def hop(self, frame):
        """In two stages by hand: group_by_dynamic visits every window of a row, and is far slower."""
        pl, window = self.pl, self.asked["window"]
        partial, final = [], []
        for one in self.asked["aggregates"]:
            name, function = one["name"], one["function"]
            if function == "avg":  # a sum of 32-bit integers is one, and wraps around
                partial += [pl.col(one["of"]).cast(pl.Float64).sum().alias(f"{name}_sum"), pl.len().alias(f"{name}_count")]
                final.append((pl.col(f"{name}_sum").sum() / pl.col(f"{name}_count").sum()).alias(name))
                continue
            partial.append(self.call(function, one.get("of"), name))
            final.append(getattr(pl.col(name), {"count": "sum"}.get(function, function))())
        slices = frame.group_by([(self.ms() // window["slide"]).alias("p"), *self.keys()]).agg(partial)
        spread = slices.join(pl.LazyFrame({"i": range(window["size"] // window["slide"])}), how="cross")
        groups = spread.group_by([(pl.col("p") - pl.col("i")).alias("w"), *self.key_names()]).agg(final)
        return groups.with_columns((pl.col("w") * window["slide"]).alias("window_start"))

    def session(self, frame):
        pl, gap = self.pl, self.asked["window"]["gap"]
        keys = self.key_names()

        def over(expression):
            return expression.over(keys) if keys else expression

        # The rows are in order of time.
        frame = frame.with_columns(self.ms().alias("ms"))
        begins = over((pl.col("ms").diff() > gap).fill_null(True).cast(pl.Int32).cum_sum())
        groups = frame.with_columns(begins.alias("number")).group_by([*keys, "number"])
        return groups.agg([pl.col("ms").min().alias("window_start"), (pl.col("ms").max() + gap).alias("window_end"), *self.aggregates()])

    def use(self, threads):
        if int(os.environ["POLARS_MAX_THREADS"]) != threads:
            raise Unable(f"this process has {os.environ['POLARS_MAX_THREADS']} threads, not {threads}")

    def consume(self):
        pl, schema = self.pl, self.groups.collect_schema()
        sums = [pl.col(name).cast(pl.String).str.len_bytes().sum() if kind in (pl.String, pl.Categorical, pl.Enum) else pl.col(name).sum()
                for name, kind in schema.items()]
        return self.groups.select(pl.len().alias("rows of the result"), *sums).collect(engine="streaming").row(0)[0]

    def table(self):
        pl = self.pl
        result = self.groups.collect(engine="streaming")
        return result.with_columns(pl.col(pl.Categorical).cast(pl.String)).to_arrow()


class Acero:
    def __init__(self, table, asked):
        if asked["window"] is not None and asked["window"]["kind"] != "tumble":
            raise Unable("Acero has no such windows, and nothing to put them together with")
        self.rows, self.asked = table, asked
        self.plan = self.declare()

    def expressions(self):
        """Of the projection: names and what they are."""
        import pyarrow as pa
        import pyarrow.compute as pc

        names, made, window = [], [], self.asked["window"]
        if window is not None:
            names.append("w")
            made.append(pc.divide(pc.field(self.asked["time"]).cast(pa.int64()), pa.scalar(window["size"], pa.int64())))
        for key in self.asked["keys"]:
            names.append(key["name"])
            made.append(pc.divide(pc.field(key["of"]), key["over"]) if "of" in key else pc.field(key["name"]))
        for column in dict.fromkeys(one["of"] for one in self.asked["aggregates"] if "of" in one):
            if column not in names:
                names.append(column)
                made.append(pc.field(column))
        return names, made

    def source(self):
        import pyarrow.acero as acero

        return acero.Declaration("table_source", acero.TableSourceNodeOptions(self.rows))

    def declare(self):
        import pyarrow.acero as acero
        import pyarrow.compute as pc

        steps = [self.source()]
        for column, name, value in self.asked["where"]:
            steps.append(acero.Declaration("filter", acero.FilterNodeOptions(OPERATORS[name](pc.field(column), pc.field(value["column"]) if isinstance(value, dict) else value))))
        names, made = self.expressions()
        steps.append(acero.Declaration("project", acero.ProjectNodeOptions(made, names)))
        keys = (["w"] if self.asked["window"] is not None else []) + [key["name"] for key in self.asked["keys"]]
        prefix = "hash_" if keys else ""
        calls = []
        for one in self.asked["aggregates"]:
            function = {"count": "count_all", "avg": "mean"}.get(one["function"], one["function"])
            calls.append(([one["of"]] if "of" in one else [], prefix + function, None, one["name"]))
        steps.append(acero.Declaration("aggregate", acero.AggregateNodeOptions(calls, keys=keys)))
        for name, sign, value in self.asked["having"]:
            steps.append(acero.Declaration("filter", acero.FilterNodeOptions(OPERATORS[sign](pc.field(name), value))))
        return acero.Declaration.from_sequence(steps)

    def use(self, threads):
        import pyarrow as pa

        pa.set_cpu_count(threads)
        self.threads = threads

    def result(self):
        return self.plan.to_table(use_threads=self.threads > 1)

    def consume(self):
        import pyarrow as pa
        import pyarrow.compute as pc

        result = self.result()
        for column in result.columns:
            kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
            if pa.types.is_string(kind):
                column = pc.binary_length(column.cast(pa.string()))
            pc.sum(column)
        return result.num_rows

    def table(self):
        import pyarrow.compute as pc

        result, window = self.result(), self.asked["window"]
        names = [key["name"] for key in self.asked["keys"]] + [one["name"] for one in self.asked["aggregates"]]
        rest = result.select(names)
        return rest if window is None else rest.add_column(0, "window_start", pc.multiply(result.column("w"), window["size"]))
