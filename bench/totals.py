# SPDX-License-Identifier: Apache-2.0
"""The totals of result.h over a few rows, with nothing but Python."""

MASK = 2**64 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def text_hash(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def totals_of_rows(names, rows):
    """rows: tuples of str, int and float, in the order of names."""
    hashes = []
    for row in rows:
        value = 0
        for cell in row:
            if not isinstance(cell, float):
                value = mix(value ^ (text_hash(cell) if isinstance(cell, str) else cell & MASK))
        hashes.append(value)
    columns = {}
    for at, name in enumerate(names):
        cells = [row[at] for row in rows]
        if rows and isinstance(cells[0], float):
            columns[name] = [sum(cells), sum(cell * (value & 1023) for cell, value in zip(cells, hashes))]
        else:
            columns[name] = sum(len(cell.encode()) if isinstance(cell, str) else cell for cell in cells) & MASK
    return {"rows": len(rows), "hash": sum(hashes) & MASK, "columns": columns}
