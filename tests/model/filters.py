# SPDX-License-Identifier: Apache-2.0
"""WHERE with one comparison: a row passes when it is TRUE, so that NULL does not."""
import operator

COMPARE = {">=": operator.ge, "<": operator.lt, "=": operator.eq, "<>": operator.ne}


def passes(where, row):
    if where is None:
        return True
    value = getattr(row, where.column)
    if where.operator == "IS NULL":
        return value is None
    if where.operator == "IS NOT NULL":
        return value is not None
    return value is not None and COMPARE[where.operator](value, where.value)
