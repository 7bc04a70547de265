# SPDX-License-Identifier: Apache-2.0
"""WHERE and HAVING with one comparison: a row passes when it is TRUE, so that NULL does not."""
import operator

COMPARE = {">=": operator.ge, "<": operator.lt, "=": operator.eq, "<>": operator.ne}


def is_true(value, condition):
    if condition.operator == "IS NULL":
        return value is None
    if condition.operator == "IS NOT NULL":
        return value is not None
    return value is not None and COMPARE[condition.operator](value, condition.value)


def passes(where, row):
    return where is None or is_true(getattr(row, where.column), where)


def has(query, values):
    """Whether a result with these values of all calls passes HAVING."""
    having = query.having
    return having is None or is_true(values[query.calls().index(having.aggregate)], having)
