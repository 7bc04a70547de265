# SPDX-License-Identifier: Apache-2.0
"""Writes the files of this folder again (pyarrow 26). The values are formulas of the row, so that the test can tell them."""
import decimal
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, GROUP_ROWS = 60, 40
EPOCH = 1_700_000_000
WORDS = ["", "LAX", "Zürich", "a\0b", "JFK"]


def column(kind, value, nullable=True):
    return pa.array([None if nullable and i % 7 == 3 else value(i) for i in range(ROWS)], kind)


def dec(i, scale):
    return decimal.Decimal((i - 30) * 1001).scaleb(-scale)


columns = {
    "id": column(pa.int64(), lambda i: i, nullable=False),
    "flag": column(pa.bool_(), lambda i: i % 2 == 0),
    "i8": column(pa.int8(), lambda i: i - 30),
    "i16": column(pa.int16(), lambda i: (i - 30) * 1000),
    "i32": column(pa.int32(), lambda i: (i - 30) * 70000),
    "u8": column(pa.uint8(), lambda i: 255 - i),
    "u16": column(pa.uint16(), lambda i: 65535 - i),
    "u32": column(pa.uint32(), lambda i: 4294967295 - i),
    "u64": column(pa.uint64(), lambda i: 18446744073709551615 - i),
    "f32": column(pa.float32(), lambda i: i / 4 - 7),
    "f64": column(pa.float64(), lambda i: i / 8 - 3),
    "f16": column(pa.float16(), lambda i: i / 2),
    "dec9": column(pa.decimal128(9, 2), lambda i: dec(i, 2)),
    "dec18": column(pa.decimal128(18, 4), lambda i: dec(i, 4)),
    "dec38": column(pa.decimal128(38, 10), lambda i: dec(i, 10)),
    "day": column(pa.date32(), lambda i: i * 100 - 1000),
    "t_ms": column(pa.time32("ms"), lambda i: i * 1000003),
    "t_us": column(pa.time64("us"), lambda i: i * 1000000007),
    "ts_ms": column(pa.timestamp("ms"), lambda i: EPOCH * 10**3 + i),
    "ts_us": column(pa.timestamp("us"), lambda i: EPOCH * 10**6 + i),
    "ts_ns": column(pa.timestamp("ns"), lambda i: EPOCH * 10**9 + i),
    "ts_utc": column(pa.timestamp("us", "UTC"), lambda i: EPOCH * 10**6 - i),
    "s_dict": column(pa.string(), lambda i: WORDS[i % 5]),
    "s_plain": column(pa.string(), lambda i: f"row {i}"),
    "s_large": column(pa.large_string(), lambda i: f"large {i}"),
    "s_view": column(pa.string_view(), lambda i: f"a view that is longer than twelve bytes {i}"),
    "raw": column(pa.binary(), lambda i: bytes([i, 255, 0])),
    "fixed": column(pa.binary(4), lambda i: bytes([i, 1, 2, 3])),
    "none": pa.nulls(ROWS),
    "list": column(pa.list_(pa.int32()), lambda i: [i, i]),
    "pair": column(pa.struct([("x", pa.int32())]), lambda i: {"x": i}),
}
fields = [pa.field(name, array.type, nullable=name != "id") for name, array in columns.items()]
table = pa.table(list(columns.values()), schema=pa.schema(fields))
pq.write_table(table, "types.parquet", row_group_size=GROUP_ROWS, use_dictionary=["s_dict", "i32"],
               store_decimal_as_integer=True, compression="zstd")

times = column(pa.timestamp("ns"), lambda i: EPOCH * 10**9 + i)
pq.write_table(pa.table({"ts": times}), "int96.parquet", use_deprecated_int96_timestamps=True, store_schema=False)
pq.write_table(table.slice(0, 0), "empty.parquet")
pq.write_table(pa.table({"id": pa.array(range(500), pa.int64()), "word": [WORDS[i % 5] for i in range(500)]}),
               "groups.parquet", row_group_size=23, store_schema=False, write_statistics=False)
further = pa.table({"word": pa.array([WORDS[i % 5] for i in range(500, 600)], pa.large_string()),
                    "pair": pa.array([{"x": 1}] * 100), "id": pa.array(range(500, 600), pa.int64())})
pq.write_table(further, "further.parquet", use_dictionary=False, write_statistics=False)

# Row groups of 20 rows, whose values rise from group to group: rows that WHERE drops by the group.
levels = [i // 20 for i in range(240)]
pq.write_table(pa.table({
    "ts": pa.array([EPOCH * 10**6 + i * 700_000 - (i % 5 == 0) * 8_500_000 + i % 1000 for i in range(240)], pa.timestamp("us")),
    "n": pa.array([None if level == 6 or i % 11 == 3 else level * 10 + i % 10 for i, level in enumerate(levels)], pa.int32()),
    "m": pa.array([level * 10 for level in levels], pa.uint32()),
    "x": pa.array([float("nan") if i % 13 == 5 or level == 9 else level + i % 20 / 32 for i, level in enumerate(levels)], pa.float64()),
    "s": pa.array([f"level {level:02d} of many, {'ä' * (i % 3)}" for i, level in enumerate(levels)]),
    "k": pa.array(["abc"[i % 3] for i in range(240)]),
    "late": pa.array([None if level == 4 or i % 50 == 7 else EPOCH * 1000 + i for i, level in enumerate(levels)], pa.timestamp("ms")),
}), "skip.parquet", row_group_size=20, store_schema=False)
