# SPDX-License-Identifier: Apache-2.0
"""Streams of many rows of random shape, made in columns at a time; and their files."""
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

START = 1_704_067_200_000  # 2024-01-01, ms
KEY_TYPES = {"BIGINT": 1 << 62, "INT": 1 << 31, "SMALLINT": 60_000, "STRING": 1 << 62, "DATE": 40_000,
             "DECIMAL(10, 2)": 1 << 33, "DECIMAL(30, 4)": 1 << 60, "BOOLEAN": 2}
ORDERS = ("uniform", "zipf", "runs", "sorted", "clustered", "drift", "round", "fresh", "few_then_many")
VALUES = ("vi", "vb", "vd", "vm", "vs", "va", "vf")


def mixed(ids, salt):
    """splitmix64: spreads numbers over all 64 bits."""
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15) * np.uint64(salt + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def entities(rng, order, rows, distinct):
    """The number of the entity that each row is of."""
    at = np.arange(rows, dtype=np.int64)
    if order == "zipf":
        return np.minimum(rng.zipf(1.2, rows) - 1, distinct - 1).astype(np.int64)
    if order == "runs":
        length = int(rng.integers(2, 3000))
        starts = rng.random(rows) < 1.0 / length
        return rng.integers(0, distinct, rows)[np.cumsum(starts) % rows]
    if order == "sorted":
        return at * distinct // rows
    if order == "clustered":
        near = max(1, distinct // 50)
        return np.minimum(at * distinct // rows // near * near + rng.integers(0, near, rows), distinct - 1)
    if order == "drift":
        return (at * distinct // rows + rng.integers(0, max(2, distinct // 10), rows)) % distinct
    if order == "round":
        return at % distinct
    if order == "fresh":
        return rng.permutation(rows) % distinct
    if order == "few_then_many":
        few = rng.integers(0, min(distinct, 50), rows)
        return np.where(at < rows // 3, few, rng.integers(0, distinct, rows))
    return rng.integers(0, distinct, rows)


def texts_of(ids, length):
    distinct, codes = np.unique(ids, return_inverse=True)
    text = pc.cast(pa.array(distinct), pa.string())
    if length == "long":
        text = pc.binary_join_element_wise("a-long-name-of-a-key-that-begins-alike-", text, "-and-ends", "")
    elif length == "mixed":
        pad = pa.array([("k", "key-of-some-length-", "q" * 70)[int(i) % 3] for i in range(len(distinct))])
        text = pc.binary_join_element_wise(pad, text, "")
    else:
        text = pc.binary_join_element_wise("k", text, "")
    return text, codes.astype(np.int32)


def decimals(unscaled, precision, scale):
    both = np.empty((len(unscaled), 2), dtype=np.int64)
    both[:, 0] = unscaled
    both[:, 1] = unscaled >> 63
    kind = pa.decimal128(precision, scale)
    return pa.Array.from_buffers(kind, len(unscaled), [None, pa.py_buffer(np.ascontiguousarray(both))])


def with_nulls(array, nulls):
    if nulls is None:
        return array
    return pc.if_else(pa.array(~nulls), array, pa.scalar(None, array.type))


def key_column(rng, key, ids):
    kind, salt = key["type"], key["salt"]
    ids = ids % min(key["distinct"], KEY_TYPES[kind])
    spread = key["spread"]
    if kind == "STRING":
        if spread != "dense":
            ids = (mixed(ids, salt) >> np.uint64(24)).astype(np.int64)
        text, codes = texts_of(ids, key["length"])
        if key["dictionary"]:
            index = codes.astype(key["dictionary"]) if len(text) <= np.iinfo(key["dictionary"]).max else codes
            return pa.DictionaryArray.from_arrays(pa.array(index), text)
        return text.take(pa.array(codes))
    if kind == "BOOLEAN":
        return pa.array(ids % 2 == 1)
    if kind == "SMALLINT":
        return pa.array((ids - 30_000 if spread != "dense" else ids % 32_768).astype(np.int16))
    if kind == "DATE":
        return pa.array((ids + key["base"] % 10_000).astype(np.int32)).cast(pa.date32())
    if kind == "DECIMAL(10, 2)":
        return decimals(ids * key["stride"] % 9_999_999_999, 10, 2)
    if kind == "DECIMAL(30, 4)":
        return decimals(ids if spread == "dense" else mixed(ids, salt).astype(np.int64), 30, 4)
    bits = 32 if kind == "INT" else 64
    if spread == "dense":
        number = ids + key["base"]
    elif spread == "stride":
        number = ids * key["stride"] - key["base"]
    else:
        number = mixed(ids, salt).astype(np.int64)
    return pa.array(number.astype(np.int32 if bits == 32 else np.int64))


def times(rng, case):
    rows, delay = case["rows"], case["delay"]
    span = case["span"]
    at = START + np.arange(rows, dtype=np.int64) * span // rows
    if case["time_shape"] == "jitter":
        at = at + rng.integers(0, 50, rows)
    if case["time_shape"] == "steps":  # many rows of one time
        at = START + (at - START) // 5_000 * 5_000
    if case["lateness"] != "ordered":
        most = max(1, delay - 2 if case["lateness"] == "covered" else delay * 4 + 20_000)
        back = np.where(rng.random(rows) < 0.1, rng.integers(0, most, rows), 0)
        at = np.maximum(at - back, START - 3_600_000)
    return at


def value_column(rng, name, case):
    rows, size = case["rows"], case["values"]
    if name == "vi":
        top = {"small": 100, "medium": 100_000, "extreme": 2**31 - 1}[size]
        return pa.array(rng.integers(-top, top + 1, rows).astype(np.int32))
    if name == "vb":
        top = {"small": 1000, "medium": 2**45, "extreme": 2**63 - 1}[size]
        return pa.array(rng.integers(-top, top, rows, dtype=np.int64))
    if name == "vd":
        number = rng.integers(-(2**20), 2**20, rows).astype(np.float64)
        if case["odd_doubles"]:
            number[rng.random(rows) < 0.001] = np.nan
            number[rng.random(rows) < 0.02] = -0.0
            number[rng.random(rows) < 0.02] = 0.0
        return pa.array(number)
    if name == "vf":
        return pa.array(rng.normal(0, 1, rows) * 10.0 ** rng.integers(-8, 9, rows))
    if name == "vm":
        precision, scale, top = case["decimal"]
        return decimals(rng.integers(-top, top + 1, rows), precision, scale)
    if name == "vs":
        text, codes = texts_of(rng.integers(0, 5000, rows), "mixed")
        return text.take(pa.array(codes))
    return pa.array(rng.integers(0, 30_000, rows).astype(np.int32)).cast(pa.date32())


def stream(case):
    """The table that weir reads, with the columns that only the answer needs: t (ms) and wb (W before the row)."""
    rng = np.random.default_rng(case["seed"])
    rows = case["rows"]
    ids = entities(rng, case["order"], rows, case["distinct"])
    columns, names, needed = [], [], []
    for i, key in enumerate(case["keys"]):
        mine = ids if i == 0 or key["bound"] else entities(rng, key["order"], rows, key["distinct"])
        nulls = rng.random(rows) < key["nulls"] if key["nulls"] else None
        columns.append(with_nulls(key_column(rng, key, mine), nulls))
        names.append(f"k{i}")
        needed.append(key["not_null"])
    for name in VALUES:
        array = value_column(rng, name, case)
        share = case["value_nulls"].get(name, 0)
        columns.append(with_nulls(array, rng.random(rows) < share if share else None))
        names.append(name)
        needed.append(name in case["value_not_null"])
    at = times(rng, case)
    nulls = rng.random(rows) < case["time_nulls"] if case["time_nulls"] else None
    unit = "us" if case["time_type"] == "TIMESTAMP(6)" else "ms"
    stamp = pa.array(at * 1000 if unit == "us" else at).cast(pa.timestamp(unit))
    columns.append(with_nulls(stamp, nulls))
    names.append("ts")
    needed.append(False)
    claims = at - case["delay"]
    if nulls is not None:
        claims = np.where(nulls, np.int64(-(2**62)), claims)
    before = np.concatenate(([np.int64(-(2**62))], np.maximum.accumulate(claims)[:-1])) if rows else claims
    if not case["watermark"]:
        before = np.full(rows, -(2**62), dtype=np.int64)
    fields = [pa.field(n, c.type, nullable=not r) for n, c, r in zip(names, columns, needed)]
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    table = table.append_column("t", with_nulls(pa.array(at), nulls)).append_column("wb", pa.array(before))
    return table.append_column("rn", pa.array(np.arange(rows, dtype=np.int64)))


def write(table, case, folder):
    """Writes what weir reads of the table, as one file or as a folder of several; returns its path."""
    data = table.drop_columns(["t", "wb", "rn"])
    ending = {"stream": "arrows"}.get(case["format"], case["format"])
    if case["files"] == 1:
        path = folder / f"data.{ending}"
        write_file(data, case, path)
        return path
    path = folder / "data"
    path.mkdir(exist_ok=True)
    share = -(-data.num_rows // case["files"])
    for i in range(case["files"]):
        part = data.slice(i * share, share).combine_chunks()
        if part.num_rows:  # with dictionaries of its own
            part = pa.Table.from_batches([own_dictionaries(part.to_batches()[0])])
        write_file(part, case, path / f"part-{i}.{ending}")
    return path


def write_file(data, case, path):
    kind = case["format"]
    if kind == "parquet":
        pa.parquet.write_table(data, path, row_group_size=case["group_rows"], compression=case["compression"],
                               use_dictionary=case["parquet_dictionary"])
    elif kind == "arrow":
        options = pa.ipc.IpcWriteOptions(compression=case["ipc_compression"], unify_dictionaries=True)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, data.schema, options=options) as writer:
            writer.write_table(data, max_chunksize=case["group_rows"])
    elif kind == "stream":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, data.schema) as writer:
            for batch in data.to_batches(max_chunksize=case["group_rows"]):
                writer.write_batch(own_dictionaries(batch))
    else:
        for i, field in enumerate(data.schema):
            if pa.types.is_dictionary(field.type):
                text = pa.field(field.name, pa.string(), field.nullable)
                data = data.set_column(i, text, data.column(i).cast(pa.string()))
        options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
        pa.csv.write_csv(data, path, options)


def own_dictionaries(batch):
    """Each batch of a stream with a dictionary of its own."""
    arrays = []
    for array, field in zip(batch.columns, batch.schema):
        if pa.types.is_dictionary(field.type):
            fresh = array.cast(pa.string()).dictionary_encode()
            array = pa.DictionaryArray.from_arrays(fresh.indices.cast(field.type.index_type), fresh.dictionary)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)
