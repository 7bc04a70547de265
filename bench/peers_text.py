# SPDX-License-Identifier: Apache-2.0
"""Engines that read the rows as text, anew in each run: columns with ; between, no header, no quotes."""
import peers_frame
import peers_sql


class Text:
    """In the place of a table: a file, and what is in it."""

    def __init__(self, path, columns):
        import pyarrow as pa

        kinds = {"station": pa.string(), "reading": pa.float64()}
        self.path, self.schema = path, pa.schema([(name, kinds[name]) for name in columns])


class DuckDB(peers_sql.DuckDB):
    def load(self, table):
        import duckdb

        self.db = duckdb.connect()
        kinds = {"string": "VARCHAR", "double": "DOUBLE"}
        columns = ", ".join(f"'{field.name}': '{kinds[str(field.type)]}'" for field in table.schema)
        self.db.execute(f"CREATE VIEW t AS FROM read_csv('{table.path}', auto_detect = false, header = false, delim = ';', quote = '', escape = '', "
                        f"columns = {{{columns}}})")


class ClickHouse(peers_sql.ClickHouse):
    def load(self, table):
        import chdb

        self.db = chdb.connect(":memory:")
        kinds = {"string": "String", "double": "Float64"}
        columns = ", ".join(f"{field.name} {kinds[str(field.type)]}" for field in table.schema)
        self.db.query(f"CREATE VIEW t AS SELECT * FROM file('{table.path}', 'CSV', '{columns}')")

    def use(self, threads):
        self.settings = f" SETTINGS max_threads = {threads}, format_csv_delimiter = ';'"


class DataFusion(peers_sql.DataFusion):
    def load(self, table):
        self.text, self.threads = table, 0

    def use(self, threads):
        import datafusion

        if threads == self.threads:
            return
        self.threads = threads
        self.db = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
        self.db.register_csv("t", self.text.path, schema=self.text.schema, has_header=False, delimiter=";", file_extension=".csv")


class Polars(peers_frame.Polars):
    def frame(self, table):
        pl = self.pl
        kinds = {"string": pl.String, "double": pl.Float64}
        schema = {field.name: kinds[str(field.type)] for field in table.schema}
        return pl.scan_csv(table.path, separator=";", has_header=False, quote_char=None, schema=schema)


class Acero(peers_frame.Acero):
    def source(self):
        import pyarrow.acero as acero
        import pyarrow.csv as csv
        import pyarrow.dataset as ds

        text = ds.CsvFileFormat(parse_options=csv.ParseOptions(delimiter=";", quote_char=False),
                                read_options=csv.ReadOptions(column_names=self.rows.schema.names))
        rows = ds.dataset(self.rows.path, schema=self.rows.schema, format=text)
        return acero.Declaration("scan", acero.ScanNodeOptions(rows, columns=self.rows.schema.names))
