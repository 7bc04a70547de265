# SPDX-License-Identifier: Apache-2.0
"""What is measured, and what weir aims at with it."""
from questions import hop, question, session, span_of, tumble

FLOOR = 2.0  # whatever the target, every cell with a peer reaches this ratio
SUMS = (("total", "sum", "v"), ("n", "count"))
EXTREMES = (*SUMS, ("low", "min", "v"), ("high", "max", "v"))
KEY = {"none": [], "int64": ["k"], "dictionary": ["s"]}


class Work:
    """A question over the rows of a file.

    data    names the file; of cells: how many keys its rows have
    ratio   aimed at, to the best peer; None: none
    roof    the bare loop that stands beside it (roof.h), and `share`, what part of it is aimed at (None: none)
    limit   a loop that does all that such a query cannot do without, whose rate stands beside the others; None: the roof is it
    rate    rows a second aimed at, or a dictionary of them by workers; None: none
    whole   the name of the work whose rate, over a stretch of a running stream, this one is to reach nine tenths of
    clock   how time passes for weir; None: as the caller says
    times   how many times the rows of the other works it has
    ranged  weir is given the range of each batch's times, as whoever reads a file with statistics can
    peers   those that are asked; None: all. Each holds the rows, and of very many keys a table of them, at the same time
    """

    def __init__(self, name, data, asked, ratio=None, roof="read", share=None, limit=None, rate=None, whole=None, clock=None, quick=True, workers=None, times=1, peers=None, ranged=False):
        self.name, self.data, self.asked, self.ratio, self.roof, self.share = name, data, asked, ratio, roof, share
        self.limit = limit
        self.rate, self.whole, self.clock, self.quick, self.workers = rate, whole, clock, quick, workers
        self.times, self.peers, self.ranged = times, peers, ranged

    def loop(self, name):
        """What bench_turns is told to run a loop of roof.h beside it."""
        return f"{name} {self.asked['window']['gap']}" if name == "session" else name

    def rate_of(self, workers):
        return self.rate.get(workers) if isinstance(self.rate, dict) else self.rate

    def columns(self):
        return ",".join(self.asked["columns"])

    def kind(self):
        """Of rows that weir makes itself."""
        return next(kind for kind, key in KEY.items() if self.asked["columns"] == ["ts", *key, "v"])

    def window_ms(self):
        return span_of(self.asked["window"])


def cell(name, kind, keys, window=tumble(5000), aggregates=SUMS, **aims):
    return Work(name, keys, question(["ts", *KEY[kind], "v"], window, KEY[kind], aggregates), **aims)


# A key of 10 000 comes every 10 ms on average, one of a million every second: gaps of ten and five times that.
CELLS = (
    cell("none", "none", 100, ratio=FLOOR, share=0.90),
    cell("dictionary_100", "dictionary", 100, ratio=8, share=0.80, limit="bare"),
    cell("dictionary_1K", "dictionary", 1000, ratio=8, share=0.80, limit="bare"),
    cell("dictionary_100_ranged", "dictionary", 100, ratio=8, roof="untimed", share=0.80, rate={2: 1000e6}, ranged=True),
    cell("dictionary_1K_ranged", "dictionary", 1000, ratio=8, roof="untimed", share=0.80, rate={2: 1000e6}, ranged=True),
    cell("dictionary_100_minmax", "dictionary", 100, aggregates=EXTREMES, ratio=6, rate=350e6),
    cell("int64_100", "int64", 100, ratio=5, roof="fused", share=0.85),
    cell("int64_10K", "int64", 10_000, ratio=3, roof="fused", share=0.85),
    cell("int64_100K", "int64", 100_000, ratio=3, roof="fused", share=0.85),
    cell("int64_1M", "int64", 1_000_000, ratio=4.5, roof="direct", share=0.80),
    cell("int64_10M", "int64", 10_000_000, tumble(60_000), ratio=4, roof="direct", share=0.80, quick=False),
    cell("int64_100M", "int64", 100_000_000, tumble(60_000), ratio=3, roof="direct", share=0.80, quick=False, times=2, peers=("clickhouse",)),
    cell("hop_60", "int64", 100, hop(60_000, 1000), ratio=10, roof="fused", whole="tumble_1s"),
    cell("hop_3600", "int64", 100, hop(3_600_000, 1000), ratio=10, roof="fused", whole="tumble_1s", quick=False),
    cell("session_10K", "int64", 10_000, session(100), ratio=50, roof="session", rate=150e6),
    cell("session_1M", "int64", 1_000_000, session(5000), ratio=50, roof="session", rate=40e6, quick=False),
)
WHOLES = {"tumble_1s": cell("tumble_1s", "int64", 100, tumble(1000))}

# One core against two, the same work in the same rounds.
SCALING = ("dictionary_100", "int64_100", "int64_10K", "int64_1M")
SCALING_AIM = 1.85
