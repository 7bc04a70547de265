# SPDX-License-Identifier: Apache-2.0
"""Known suites of queries: what each asks, over rows that bench_generate makes. Rates are those of design targets, of one
core unless they are given by workers; what a suite has and weir has not stands in `left_out`."""
from questions import hop, question, session, tumble
from works import FLOOR, SUMS, Work


class Suite:
    def __init__(self, works, notes=(), left_out=()):
        self.works, self.notes, self.left_out = works, notes, left_out


def streamed(name, data, columns, window, keys, aggregates, where=(), having=(), **aims):
    """Windows fire as the stream goes on."""
    asked = question(["ts", *columns], window, keys, aggregates, where, having)
    return Work(name, data, asked, ratio=aims.pop("ratio", FLOOR), clock="advance", **aims)


def grouped(name, columns, keys, aggregates, data="groups", where=()):
    return Work(name, data, question(columns, None, keys, aggregates, where), ratio=FLOOR, clock="at_end")


COUNT = ("n", "count")
YSB = Suite(
    works=(streamed("ysb", "ysb", ["event_type", "campaign"], tumble(10_000), ["campaign"], [COUNT], [("event_type", "=", "view")], rate=400e6),),
    notes=("The join of an event's ad with its campaign is done when rows are encoded, as a look-up in a dictionary of 1 000 ads: weir joins",
           "nothing yet. Peers get the campaign, too, and are spared the join as well."))

NEXMARK = Suite(
    works=(
        grouped("q4", ["ts", "auction", "price", "expires", "category"], ["auction", "category"], [("final", "max", "price")], data="nexmark",
                where=[("ts", "<", {"column": "expires"})]),
        streamed("q5", "nexmark", ["auction"], hop(10_000, 2000), ["auction"], [COUNT], rate=50e6),
        streamed("q7", "nexmark", ["price"], tumble(10_000), [], [("price", "max", "price")], rate=300e6),
        streamed("q8", "newcomers", ["id", "person", "auction"], tumble(10_000), ["id"], [("persons", "sum", "person"), ("auctions", "sum", "auction")],
                 having=[("persons", ">", 0), ("auctions", ">", 0)]),
        streamed("q11", "nexmark", ["bidder"], session(10_000), ["bidder"], [COUNT], rate=30e6),
        streamed("q12", "nexmark", ["bidder"], tumble(10_000), ["bidder"], [COUNT], rate=100e6)),
    notes=("Q4 is the winning price of each auction, of bids that have its end and its category with them; the average over categories is an",
           "aggregate of an aggregate, which weir has not. Q5 is the count of every auction and window, without the choice of the greatest, which is",
           "one, too. Q7 is the greatest price of a window, without the join that finds its bid. Q8 asks which new persons sold in the same window,",
           "of both as one stream instead of two that are joined. Q12 counts by the bids' times, not by the wall clock."))


LIGHTSABER = Suite(
    works=(
        streamed("cm1", "cluster", ["category", "cpu"], hop(60_000, 1000), ["category"], [("cpu", "sum", "cpu")], rate={2: 250e6}),
        streamed("cm2", "cluster", ["job_id", "event_type", "cpu"], hop(60_000, 1000), ["job_id"], [("cpu", "sum", "cpu")],
                 [("event_type", "=", 3)], rate={2: 600e6}),
        streamed("sg1", "grid", ["load"], hop(3_600_000, 1000), [], [("load", "avg", "load")], rate={2: 300e6}),
        streamed("sg2", "grid", ["load", "plug", "household", "house"], hop(128_000, 1000), ["plug", "household", "house"],
                 [("load", "avg", "load")], rate={2: 120e6}),
        streamed("sg3", "grid", ["load", "plug", "household", "house"], hop(3_600_000, 1000), ["plug", "household", "house"],
                 [("load", "avg", "load")], [("household", "=", 3)]),
        streamed("lrb1", "road", ["speed", "highway", "direction", "feet"], hop(300_000, 1000),
                 ["highway", "direction", {"name": "segment", "of": "feet", "over": 5280}], [("speed", "avg", "speed")],
                 having=[("speed", "<", 40)], rate={2: 100e6}),
        streamed("lrb2", "road", ["vehicle", "highway", "direction", "feet"], hop(30_000, 1000),
                 ["vehicle", "highway", "direction", {"name": "segment", "of": "feet", "over": 5280}], [COUNT]),
        streamed("me1", "equipment", ["mf01", "mf02", "mf03"], hop(60_000, 1000), [],
                 [(f"mf0{i}", "mean", f"mf0{i}") for i in (1, 2, 3)], rate={2: 250e6})),
    notes=("Queries as LightSaber's programs run them, over the columns that they use; floats are doubles. YSB is a suite of its own. SG3 and LRB2",
           "are the part before a join or a second aggregation, as there."))

GROUPS = Suite(
    works=(
        grouped("q1", ["id1", "v1"], ["id1"], [("a", "sum", "v1")]),
        grouped("q2", ["id1", "id2", "v1"], ["id1", "id2"], [("a", "sum", "v1")]),
        grouped("q3", ["id3", "v1", "v3"], ["id3"], [("a", "sum", "v1"), ("b", "avg", "v3")]),
        grouped("q4", ["id4", "v1", "v2", "v3"], ["id4"], [("a", "mean", "v1"), ("b", "mean", "v2"), ("c", "avg", "v3")]),
        grouped("q5", ["id6", "v1", "v2", "v3"], ["id6"], [("a", "sum", "v1"), ("b", "sum", "v2"), ("c", "sum", "v3")]),
        grouped("q7", ["id3", "v1", "v2"], ["id3"], [("a", "max", "v1"), ("b", "min", "v2")]),
        grouped("q10", ["id1", "id2", "id3", "id4", "id5", "id6", "v3"], ["id1", "id2", "id3", "id4", "id5", "id6"],
                [("a", "sum", "v3"), COUNT])),
    notes=("Group-bys without windows, in which nothing is weir's own: every row counts once, and the result comes at the end. Q7 is asked for both",
           "terms of its difference."),
    left_out=("Q6 (median, deviation), Q8 (the largest two) and Q9 (correlation) need aggregates that weir has not",))



def shaped(name, keys, time="ts", **aims):
    """10 000 keys, of which the keys are one way to say them. Rows that come out of order wait for a declared watermark."""
    asked = question([time, *keys, "v"], tumble(5000), keys, [("total", "sum", "v"), COUNT], time=time)
    return Work(name, "shapes", asked, ratio=FLOOR, clock="advance" if time == "ts" else "declared", **aims)


SHAPES = Suite(
    works=(
        shaped("k64", ["k64"]), shaped("k32", ["k32"]), shaped("short", ["short_key"]), shaped("long", ["long_key"]), shaped("pair", ["a", "b"]),
        shaped("zipf10", ["zipf10"]), shaped("zipf15", ["zipf15"]), shaped("runs", ["runs"]),
        shaped("late1", ["k64"], "late1"), shaped("late10", ["k64"], "late10")),
    notes=("One stream of 10 000 keys as they may come: numbers of 64 and 32 bits, strings of 9 and 23 bytes, pairs of numbers; Zipf's law with",
           "exponents 1 and 1.5, runs of 32; 1 and 10 % of the rows up to 900 ms behind, with a watermark of a second's delay."))

# The file lies in the page cache: a run begins with its text and, of weir, with the start of the program.
STATIONS = Suite(
    works=(Work("stations", "1brc", {**question(["station", "reading"], None, ["station"], [("low", "min", "reading"), ("middle", "avg", "reading"),
                                                                                            ("high", "max", "reading")]), "text": True}, ratio=FLOOR),),
    notes=("The One Billion Row Challenge's query over a file of text; weir's time is that of `weir run`, from its start to its end. The roof is reading",
           "the file."))


def replayed(name, ending, cold=False, options=(), **aims):
    """Of a file, by the whole program: `ending` tells the format, `cold` that the file is not in the page cache, and `options` are those
    of weir's table."""
    asked = question(["ts", "s", "v"], tumble(5000), ["s"], SUMS)
    aims.setdefault("roof", "disk" if cold else "series")
    return Work(name, "recorded", {**asked, "file": {"ending": ending, "cold": cold, "options": dict(options)}}, **aims)


INPUT = Suite(
    works=(
        replayed("arrow", "arrow", share=0.80, ratio=FLOOR), replayed("arrow_lz4", "lz4.arrow", ratio=FLOOR), replayed("arrow_zstd", "zstd.arrow", ratio=FLOOR),
        replayed("parquet", "parquet", ratio=FLOOR), replayed("csv", "csv", ratio=FLOOR),
        replayed("arrow_disk", "arrow", cold=True, options=[("arrow.direct-io", "always")], share=0.95), replayed("arrow_cold", "arrow", cold=True),
        replayed("parquet_disk", "parquet", cold=True), replayed("csv_disk", "csv", cold=True)),
    notes=("Recorded streams from their files: weir's time is that of `weir run`, from its start to its end; a peer runs already, and reads the file anew",
           "each time. From the page cache the roof 'series' is copying the file's bytes and then the engine alone over the same rows in memory; from",
           "the disk (the file is taken out of the page cache before each run) the roof 'disk' is fio with O_DIRECT on the same file, or where there",
           "is no fio such a reader of the bench's own. arrow_disk is read past the page cache, too, as files are that would fill it; arrow_cold through it."))

SUITES = {"1brc": STATIONS, "input": INPUT, "ysb": YSB, "nexmark": NEXMARK, "lightsaber": LIGHTSABER, "db-benchmark": GROUPS, "shapes": SHAPES}
