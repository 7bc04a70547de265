#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""generate.py ROWS FOLDER [KEYS ...]: one Arrow file per number of keys, FOLDER/ROWS-KEYS.arrow, where it is not there.

Columns: ts (timestamp in ms, 1 000 rows a millisecond, in order), k (int64, spread over the whole range), for up to
10 000 keys s (the same key as a dictionary-encoded string), v (a double from 0 to 1). Batches of 65 536 rows.
"""
import os
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

ROWS_A_MS = 1000
DICTIONARY_KEYS_MAX = 10_000


def columns_of(rows, keys):
    rng = np.random.default_rng(7)
    key = rng.integers(0, keys, rows).astype(np.int64)
    columns = {
        "ts": pa.array(np.arange(rows, dtype=np.int64) // ROWS_A_MS, pa.timestamp("ms")),
        "k": pa.array(key * np.int64(0x9E3779B97F4A7C15 - 2**64)),
    }
    if keys <= DICTIONARY_KEYS_MAX:
        names = pa.array([f"key{i:06d}" for i in range(keys)])
        columns["s"] = pa.DictionaryArray.from_arrays(pa.array(key.astype(np.int32)), names)
    columns["v"] = pa.array(rng.random(rows))
    return pa.table(columns)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.splitlines()[0])
    rows, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for keys in map(int, sys.argv[3:] or (100, 1000, 10_000, 1_000_000)):
        path = folder / f"{rows}-{keys}.arrow"
        if path.exists():
            continue
        table = columns_of(rows, keys)
        unfinished = path.with_suffix(f".{os.getpid()}")
        with ipc.new_file(unfinished, table.schema) as writer:
            writer.write_table(table, max_chunksize=65536)
        unfinished.rename(path)


main()
