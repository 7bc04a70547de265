# SPDX-License-Identifier: Apache-2.0
"""Engines that read the rows from a recorded file, anew in each run."""
import peers_frame
import peers_sql
from files import evict, format_of


class Recorded:
    """In the place of a table: a file, and what is in it."""

    def __init__(self, path, asked):
        import pyarrow as pa

        kinds = {"ts": pa.timestamp("ms"), "s": pa.string(), "v": pa.float64()}
        self.path, self.format, self.cold = path, format_of(asked["file"]["ending"]), asked["file"]["cold"]
        self.schema = pa.schema([(name, kinds[name]) for name in asked["columns"]])

    def dataset(self):
        import pyarrow.csv as csv
        import pyarrow.dataset as ds

        if self.format != "csv":
            return ds.dataset(self.path, format=self.format)
        text = ds.CsvFileFormat(read_options=csv.ReadOptions(column_names=self.schema.names))
        return ds.dataset(self.path, schema=self.schema, format=text)


class OnFile:
    """Before an engine that is told of the file where others are of a table."""

    def __init__(self, table, asked):
        self.file = table
        super().__init__(table, asked)

    def greatest_time(self, table):
        return 0  # nobody knows before the file is read

    def use(self, threads):
        super().use(threads)
        if self.file.cold:
            evict(self.file.path)


class DuckDB(OnFile, peers_sql.DuckDB):
    """Arrow files through a dataset of pyarrow: DuckDB itself reads none."""

    def load(self, file):
        import duckdb

        self.db = duckdb.connect()
        kinds = {"timestamp[ms]": "TIMESTAMP_MS", "string": "VARCHAR", "double": "DOUBLE"}
        columns = ", ".join(f"'{field.name}': '{kinds[str(field.type)]}'" for field in file.schema)
        if file.format == "arrow":
            self.db.register("t", file.dataset())
        elif file.format == "parquet":
            self.db.execute(f"CREATE VIEW t AS FROM read_parquet('{file.path}')")
        else:
            self.db.execute(f"CREATE VIEW t AS FROM read_csv('{file.path}', auto_detect = false, header = false, columns = {{{columns}}})")


class ClickHouse(OnFile, peers_sql.ClickHouse):
    def load(self, file):
        import chdb

        self.db = chdb.connect(":memory:")
        kinds = {"timestamp[ms]": "DateTime64(3)", "string": "LowCardinality(String)", "double": "Float64"}
        columns = ", ".join(f"{field.name} {kinds[str(field.type)]}" for field in file.schema)
        name = {"arrow": "Arrow", "parquet": "Parquet", "csv": "CSV"}[file.format]
        self.db.query(f"CREATE VIEW t AS SELECT * FROM file('{file.path}', '{name}', '{columns}')")

    def bucket(self, size):
        return f"intDiv({self.ms()}, {size})"


class DataFusion(OnFile, peers_sql.DataFusion):
    def load(self, file):
        self.threads = 0

    def use(self, threads):
        import datafusion

        if self.file.cold:
            evict(self.file.path)
        if threads == self.threads:
            return
        self.threads = threads
        self.db = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
        if self.file.format == "arrow":
            self.db.register_dataset("t", self.file.dataset())
        elif self.file.format == "parquet":
            self.db.register_parquet("t", self.file.path)
        else:
            self.db.register_csv("t", self.file.path, schema=self.file.schema, has_header=False, file_extension=".csv")


class Polars(OnFile, peers_frame.Polars):
    def frame(self, file):
        pl = self.pl
        kinds = {"timestamp[ms]": pl.Datetime("ms"), "string": pl.String, "double": pl.Float64}
        schema = {field.name: kinds[str(field.type)] for field in file.schema}
        if file.format == "csv":
            return pl.scan_csv(file.path, has_header=False, schema=schema)
        return pl.scan_ipc(file.path) if file.format == "arrow" else pl.scan_parquet(file.path)


class Acero(OnFile, peers_frame.Acero):
    def source(self):
        import pyarrow.acero as acero

        return acero.Declaration("scan", acero.ScanNodeOptions(self.file.dataset(), columns=self.file.schema.names))
