# SPDX-License-Identifier: Apache-2.0
"""What is asked of recorded flights (columns date, delay, distance, origin, destination): in weir's and Flink's SQL, in DuckDB's, and of
Polars. HOP and CUMULATE are slices that are then spread over their windows, which is the peers' best form. Results begin with the
window's start in ms (CUMULATE: with its end, too)."""

TABLE = """CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'parquet');
"""
HOUR, DAY, WEEK = 3_600_000, 86_400_000, 604_800_000


def windows(function, *lengths):
    return f"FROM TABLE({function}(TABLE flights, DESCRIPTOR(`date`), {', '.join(lengths)}))"


def polars_frame(path):
    import polars as pl

    return pl, pl.scan_parquet(path).with_columns(pl.col("date").dt.epoch("ms").alias("ms"))


def polars_days(path):
    pl, rows = polars_frame(path)
    groups = rows.group_by((pl.col("ms") // DAY * DAY).alias("w"), "origin")
    return groups.agg(pl.len(), pl.col("delay").sum().alias("s"), pl.col("delay").mean().alias("m"), pl.col("delay").max().alias("x"))


def polars_hours(path):
    pl, rows = polars_frame(path)
    groups = rows.group_by(((pl.col("ms") - 900_000) // HOUR * HOUR + 900_000).alias("w"))
    return groups.agg(pl.len(), pl.col("delay").min().alias("i"), pl.col("delay").max().alias("x"), pl.col("distance").sum().alias("s"))


def polars_hop(path):
    pl, rows = polars_frame(path)
    slices = rows.group_by((pl.col("ms") // HOUR).alias("p"), "destination").agg(pl.len().alias("n"), pl.col("delay").max().alias("x"))
    spread = slices.join(pl.LazyFrame({"i": range(6)}), how="cross")
    groups = spread.group_by(((pl.col("p") - pl.col("i")) * HOUR).alias("w"), "destination").agg(pl.col("n").sum(), pl.col("x").max())
    return groups.filter(pl.col("n") >= 300)


def polars_cumulate(path):
    pl, rows = polars_frame(path)
    rows = rows.filter((pl.col("distance") > 1000) & pl.col("delay").is_not_null())
    slices = rows.group_by((pl.col("ms") // (2 * HOUR)).alias("p"), "origin").agg(pl.len().alias("n"), pl.col("distance").sum().alias("s"))
    spread = slices.join(pl.LazyFrame({"i": range(12)}), how="cross").filter(pl.col("p") % 12 <= pl.col("i"))
    day = pl.col("p") // 12 * DAY
    groups = spread.group_by(day.alias("w"), (day + (pl.col("i") + 1) * 2 * HOUR).alias("e"), "origin")
    return groups.agg(pl.col("n").sum(), pl.col("s").sum())


def polars_routes(path):
    pl, rows = polars_frame(path)
    groups = rows.group_by((pl.col("ms") // WEEK * WEEK).alias("w"), "origin", "destination")
    late = pl.when(pl.col("delay") > 15).then(1).otherwise(0).sum().alias("l")
    return groups.agg(pl.len().alias("n"), late, (pl.col("delay").sum() / pl.len()).alias("m"))


def polars_bands(path):
    pl, rows = polars_frame(path)
    band = pl.when(pl.col("distance") < 500).then(pl.lit("short")).when(pl.col("distance") < 1500).then(pl.lit("middle")).otherwise(pl.lit("long"))
    groups = rows.group_by((pl.col("ms") // DAY * DAY).alias("w"), band.alias("band"))
    return groups.agg(pl.len(), pl.col("delay").min().alias("i"), pl.col("delay").max().alias("x"))


# name -> (weir, DuckDB, Polars)
QUESTIONS = {
    "day_origin": (
        "SELECT window_start, origin, COUNT(*) AS n, SUM(delay) AS s, AVG(CAST(delay AS DOUBLE)) AS m, MAX(delay) AS x "
        + windows("TUMBLE", "INTERVAL '1' DAY") + " GROUP BY window_start, window_end, origin",
        f"SELECT epoch_ms(date) // {DAY} * {DAY} AS w, origin, count(*), sum(delay), avg(delay), max(delay) FROM flights GROUP BY w, origin",
        polars_days),
    "hour": (
        "SELECT window_start, COUNT(*) AS n, MIN(delay) AS i, MAX(delay) AS x, SUM(distance) AS s "
        + windows("TUMBLE", "INTERVAL '1' HOUR", "INTERVAL '15' MINUTE") + " GROUP BY window_start, window_end",
        f"SELECT (epoch_ms(date) - 900000) // {HOUR} * {HOUR} + 900000 AS w, count(*), min(delay), max(delay), sum(distance) FROM flights GROUP BY w",
        polars_hours),
    "hop_destination": (
        "SELECT window_start, destination, COUNT(*) AS n, MAX(delay) AS x "
        + windows("HOP", "INTERVAL '1' HOUR", "INTERVAL '6' HOUR") + " GROUP BY window_start, window_end, destination HAVING COUNT(*) >= 300",
        f"SELECT (p - i) * {HOUR} AS w, destination, sum(n) AS n, max(x) FROM (SELECT epoch_ms(date) // {HOUR} AS p, destination, count(*) AS n, "
        "max(delay) AS x FROM flights GROUP BY p, destination) AS s, range(6) AS r(i) GROUP BY w, destination HAVING sum(n) >= 300",
        polars_hop),
    "cumulate_origin": (
        "SELECT window_start, window_end, origin, COUNT(*) AS n, SUM(distance) AS s "
        + windows("CUMULATE", "INTERVAL '2' HOUR", "INTERVAL '1' DAY")
        + " WHERE distance > 1000 AND delay IS NOT NULL GROUP BY window_start, window_end, origin",
        f"SELECT p // 12 * {DAY} AS w, p // 12 * {DAY} + (i + 1) * {2 * HOUR} AS e, origin, sum(n), sum(s) FROM (SELECT epoch_ms(date) // {2 * HOUR} "
        "AS p, origin, count(*) AS n, sum(distance) AS s FROM flights WHERE distance > 1000 AND delay IS NOT NULL GROUP BY p, origin) AS s, "
        "range(12) AS r(i) WHERE p % 12 <= i GROUP BY w, e, origin",
        polars_cumulate),
    "route_week": (
        "SELECT window_start, origin, destination, COUNT(*) AS n, SUM(CASE WHEN delay > 15 THEN 1 ELSE 0 END) AS l, "
        "CAST(SUM(delay) AS DOUBLE) / COUNT(*) AS m "
        + windows("TUMBLE", "INTERVAL '7' DAY") + " GROUP BY window_start, window_end, origin, destination",
        f"SELECT epoch_ms(date) // {WEEK} * {WEEK} AS w, origin, destination, count(*), sum(CASE WHEN delay > 15 THEN 1 ELSE 0 END), "
        "CAST(sum(delay) AS DOUBLE) / count(*) FROM flights GROUP BY w, origin, destination",
        polars_routes),
    "band": (
        "SELECT window_start, CASE WHEN distance < 500 THEN 'short' WHEN distance < 1500 THEN 'middle' ELSE 'long' END AS band, COUNT(*) AS n, "
        "MIN(delay) AS i, MAX(delay) AS x " + windows("TUMBLE", "INTERVAL '1' DAY")
        + " GROUP BY window_start, window_end, CASE WHEN distance < 500 THEN 'short' WHEN distance < 1500 THEN 'middle' ELSE 'long' END",
        f"SELECT epoch_ms(date) // {DAY} * {DAY} AS w, CASE WHEN distance < 500 THEN 'short' WHEN distance < 1500 THEN 'middle' ELSE 'long' END AS band, "
        "count(*), min(delay), max(delay) FROM flights GROUP BY w, band",
        polars_bands),
}
