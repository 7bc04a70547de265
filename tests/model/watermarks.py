# SPDX-License-Identifier: Apache-2.0
"""Watermarks of partitions and their combination (docs/semantics.md, 2)."""
from query import INT64_MIN

# Before the first W: below every time, so that nothing is late and nothing fires. INT64_MIN stands for it outside.
NONE = INT64_MIN - 1


def watermark_of(query, row):
    """The W that a row itself asks for, or None. In SQL no W lies at or below 1970-01-01 00:00 UTC; calls have no such limit."""
    if query.watermark is None:
        return None
    if query.watermark[0] == "column":
        value = row.wm
    else:
        ts = query.time_of(row)
        value = None if ts is None else ts - query.watermark[1]
    return value if value is not None and (value > 0 or query.built) else None


class Partition:
    def __init__(self):
        self.watermark = NONE
        self.active = True
        self.aligned = True


class Watermarks:
    """W of the query: the least of the partitions that are active and aligned; it never goes back."""

    def __init__(self, partitions):
        self.partitions = [Partition() for _ in range(partitions)]
        self.out = NONE

    def wake(self, index):
        """A partition that was idle comes back; it stays out until it has caught up."""
        partition = self.partitions[index]
        if not partition.active:
            partition.active = True
            partition.aligned = partition.watermark >= self.out
            self.combine()

    def rise(self, index, watermark):
        self.wake(index)
        partition = self.partitions[index]
        if watermark > INT64_MIN:
            partition.watermark = max(partition.watermark, watermark)
        if partition.active and partition.watermark >= self.out:
            partition.aligned = True
        self.combine()

    def sleep(self, indices):
        """Those that are idle at the same moment are left out together: their numbers decide nothing."""
        for index in indices:
            self.partitions[index].active = False
        if indices:
            self.combine()

    def force(self, watermark):
        """Whatever the partitions say; None changes nothing."""
        if watermark is not None:
            self.out = max(self.out, watermark)

    def combine(self):
        if not any(partition.active for partition in self.partitions):
            candidate = max(partition.watermark for partition in self.partitions)
        else:
            heard = [partition.watermark for partition in self.partitions if partition.active and partition.aligned]
            candidate = min(heard, default=NONE)
        self.out = max(self.out, candidate)
