# SPDX-License-Identifier: Apache-2.0
"""The model against the rules and worked cases of docs/semantics.md, so that it can be trusted: python3 test_model.py."""
import unittest

import windows
from aggregates import SumOverflow, aggregate
from lateness import fold_windows, is_cleaned_up
from fill import between
from model import Model
from query import (INT64_MAX, INT64_MIN, Advance, Aggregate, Clock, Fill, Filter, Finish, Having, Idle, Push, Query, Row)
from zones import instant_of, local_of, local_watermark, timer_of

COUNT = Aggregate("COUNT", None)
SUM = Aggregate("SUM", "v")


def row(ts, v=1, k=None, wm=None, g=None, d=None):
    return Row(ts, wm, k, g, v, d)


def rows(*times, **values):
    """A push of partition 0."""
    return Push(0, tuple(row(ts, **values) for ts in times))


def keyed(*places):
    """(key, value, time) ..."""
    return Push(0, tuple(row(ts, v, k) for k, v, ts in places))


def short(result):
    """key=values@max_ts without what is not there."""
    return result.key + result.values + (result.end - 1,)


def given(query, *events, partitions=1, form=short, now=0):
    """What each event gives."""
    return [[form(result) for result in step.results] for step in Model(query, partitions, now).run(events)]


def spans(result):
    return result.values + (result.start, result.end)


def ops(result):
    return (result.op,) + result.values + (result.end - 1,)


def counters(query, *events, partitions=1, now=0):
    """The counters after the last event that are not 0."""
    last = Model(query, partitions, now).run(events)[-1].counters
    total = last.filtered + last.null_time + last.future_dropped + last.unassigned + last.late + last.aggregated
    assert total == last.rows_in
    return {name: value for name, value in vars(last).items() if value}


class Starts(unittest.TestCase):
    """docs/semantics.md, 1 and the worked cases."""

    def test_worked_starts_of_size_7(self):
        for offset, cases in ((0, {-8: -14, -7: -7, -1: -7, 6: 0, 7: 7}), (3, {-10: -11, -3: -4, 2: -4, 3: 3}),
                              (-2, {-12: -16, -3: -9, -2: -2, 4: -2, 7: 5})):
            for ts, start in cases.items():
                self.assertEqual(windows.start_of(ts, 7, offset), start, (ts, offset))

    def test_worked_tumble(self):
        self.assertEqual(windows.tumble(4999, 5000, 0), [(0, 5000)])
        self.assertEqual(windows.tumble(0, 5000, -100), [(-100, 4900)])
        self.assertEqual(windows.tumble(4900, 5000, -100), [(4900, 9900)])

    def test_worked_hop(self):
        self.assertEqual(windows.hop(0, 5000, 1000, 0), [(s, s + 5000) for s in range(-4000, 1000, 1000)])
        self.assertEqual(windows.hop(0, 5000, 1000, -100)[0], (-4100, 900))

    def test_hop_takes_any_ratio(self):
        self.assertEqual(windows.hop(4, 5, 2, 0), [(0, 5), (2, 7), (4, 9)])
        self.assertEqual(windows.hop(5, 5, 2, 0), [(2, 7), (4, 9)])
        self.assertEqual(windows.hop(12, 3, 10, 0), [(10, 13)])
        self.assertEqual(windows.hop(13, 3, 10, 0), [])

    def test_cumulate_gives_every_step_end_after_the_row(self):
        self.assertEqual(windows.cumulate(5, 9, 3, 0), [(0, 6), (0, 9)])
        self.assertEqual(windows.cumulate(-1, 9, 3, 0), [(-9, 0)])
        self.assertEqual(windows.cumulate(0, 9, 3, 1), [(-8, 1)])

    def test_windows_beyond_64_bits_close_with_the_last_watermark(self):
        self.assertEqual(windows.max_ts((INT64_MAX - 5, INT64_MAX + 5)), INT64_MAX)
        self.assertEqual(windows.max_ts((0, INT64_MAX)), INT64_MAX - 1)


class Tumble(unittest.TestCase):
    def test_worked_keys(self):
        query = Query(size=3000, keys=("k",), aggregates=(SUM,))
        places = [("k2", 1, ts) for ts in (3999, 3000)] + [("k1", 1, ts) for ts in (20, 0, 999)]
        places += [("k2", 1, ts) for ts in (1998, 1999, 1000)]
        found = given(query, keyed(*places), Advance(0, 2999), Advance(0, 5999))
        self.assertEqual([found[0], sorted(found[1]), found[2]],
                         [[], [("k1", 3, 2999), ("k2", 3, 2999)], [("k2", 2, 5999)]])

    def test_worked_late_row(self):
        query = Query(size=2000, aggregates=(SUM,))
        events = (rows(1000), Advance(0, 1985), rows(1980), Advance(0, 1999), rows(1998), rows(2001), Advance(0, 3999))
        self.assertEqual(given(query, *events), [[], [], [], [(2, 1999)], [], [], [(1, 3999)]])
        self.assertEqual(counters(query, *events)["late"], 1)

    def test_worked_lateness_at_the_end_of_time(self):
        query = Query(size=1000, lateness=2000, late_fire=True, aggregates=(SUM,))
        ts = INT64_MAX - 1750
        end = windows.tumble(ts, 1000, 0)[0][1]
        found = given(query, Advance(0, INT64_MAX - 1500), rows(ts), Advance(0, end - 1))
        # W = INT64_MAX - 1500 has not passed the end of the window
        self.assertEqual(found, [[], [], [(1, end - 1)]])

    def test_a_window_without_rows_gives_nothing(self):
        self.assertEqual(given(Query(size=10), rows(5, 1005), Finish())[1], [(1, 9), (1, 1009)])

    def test_a_watermark_jump_over_ages_is_instant(self):
        found = given(Query(size=1), Advance(0, 0), rows(1, 10 ** 12), Advance(0, 17 * 10 ** 11))
        self.assertEqual(found[2], [(1, 1), (1, 10 ** 12)])

    def test_times_floor_to_milliseconds(self):
        found = given(Query(size=10, unit="us"), rows(-1, 9999, 10000), Finish())
        self.assertEqual(found[1], [(1, -1), (1, 9), (1, 19)])
        self.assertEqual(given(Query(size=10, unit="ns"), rows(-1), Finish())[1], [(1, -1)])
        self.assertEqual(given(Query(size=1000, unit="s"), rows(3), Finish())[1], [(1, 3999)])

    def test_units_of_the_time_column_are_not_floored(self):
        for unit, x in (("s", 1000), ("ms", 1), ("us", 1), ("ns", 1)):  # seconds come as milliseconds
            query = Query(size=250, built=True, native=True, unit=unit, watermark=("delay", 101))
            found = given(query, rows(-1, 0, 249, 250), rows(350), Advance(0, 498), Advance(0, 499), form=spans)
            self.assertEqual(found, [[(1, -250 * x, 0)], [(2, 0, 250 * x)], [], [(2, 250 * x, 500 * x)]])

    def test_results_of_one_advance_come_by_window_end(self):
        found = given(Query(kind="hop", size=10, slide=5), rows(17, 2, 9), Advance(0, 100))[1]
        self.assertEqual(found, [(1, 4), (2, 9), (1, 14), (1, 19), (1, 24)])

    def test_bounds_saturate(self):
        found = given(Query(size=1000), rows(INT64_MIN, INT64_MAX), Finish(), form=spans)[1]
        self.assertEqual(found, [(1, INT64_MIN, -9223372036854775000), (1, 9223372036854775000, INT64_MAX)])


class Cumulate(unittest.TestCase):
    def test_worked_steps(self):
        minute = 60000
        query = Query(kind="cumulate", size=10 * minute, step=2 * minute, aggregates=(SUM,))
        at = 8 * 60 * minute
        events = [keyed(("k", 3, at + 11 * minute), ("k", 1, at + 13 * minute), ("k", 6, at + 17 * minute)), Finish()]
        found = given(query, *events)[1]
        expected = ((3, 12), (4, 14), (4, 16), (10, 18), (10, 20))
        self.assertEqual(found, [(value, at + end * minute - 1) for value, end in expected])

    def test_leading_empty_steps_are_silent_for_each_key(self):
        query = Query(kind="cumulate", size=6, step=2, keys=("k",))
        found = given(query, keyed(("a", 1, 1), ("b", 1, 3)), Finish())[1]
        self.assertEqual(found, [("a", 1, 1), ("a", 1, 3), ("b", 1, 3), ("a", 1, 5), ("b", 1, 5)])

    def test_a_row_late_for_a_step_counts_in_later_ones(self):
        query = Query(kind="cumulate", size=6, step=2)
        events = (rows(0), Advance(0, 1), rows(1), Finish())
        self.assertEqual(given(query, *events), [[], [(1, 1)], [], [(2, 3), (2, 5)]])
        self.assertEqual(counters(query, *events), {"rows_in": 2, "aggregated": 2, "rows_out": 3})


class Sessions(unittest.TestCase):
    def test_worked_sessions(self):
        query = Query(kind="session", gap=3000, keys=("k",), aggregates=(SUM,))
        two = [("k2", v, ts) for v, ts in ((1, 0), (2, 1000), (3, 2500), (4, 5501), (5, 6000), (5, 6000), (6, 6050))]
        one = [("k1", v, ts) for v, ts in ((1, 10), (2, 1000), (3, 2500))]
        found = given(query, keyed(*two, *one), Advance(0, 12000), form=lambda r: r.key + spans(r))[1]
        self.assertEqual(sorted(found), [("k1", 6, 10, 5500), ("k2", 6, 0, 5500), ("k2", 20, 5501, 9050)])

    def test_a_distance_of_the_gap_merges_and_one_more_does_not(self):
        query = Query(kind="session", gap=10)
        self.assertEqual(given(query, rows(0, 10), Finish(), form=spans)[1], [(2, 0, 20)])
        self.assertEqual(given(query, rows(0, 11), Finish(), form=spans)[1], [(1, 0, 10), (1, 11, 21)])
        self.assertEqual(given(query, rows(10, 0), Finish(), form=spans)[1], [(2, 0, 20)])

    def test_a_row_joins_the_sessions_on_both_sides(self):
        self.assertEqual(given(Query(kind="session", gap=10), rows(0, 20, 10), Finish(), form=spans)[1], [(3, 0, 30)])

    def test_the_merged_window_is_judged_not_the_row(self):
        query = Query(kind="session", gap=10)
        events = (rows(10), Advance(0, 14), rows(2), rows(-30), Finish())
        # @2 alone would end at 12, closed at W = 14, but it joins the session that is open
        self.assertEqual(given(query, *events, form=spans)[4], [(2, 2, 20)])
        self.assertEqual(counters(query, *events)["late"], 1)

    def test_a_row_older_than_the_watermark_whose_own_span_is_open_is_taken(self):
        query = Query(kind="session", gap=10)
        events = (Advance(0, 14), rows(6), rows(-5), Finish())
        self.assertEqual(given(query, *events, form=spans)[3], [(1, 6, 16)])
        self.assertEqual(counters(query, *events)["late"], 1)

    def test_sessions_are_per_key(self):
        query = Query(kind="session", gap=10, keys=("k",))
        found = given(query, keyed(("a", 1, 0), ("b", 1, 5), (None, 1, 8)), Finish(), form=lambda r: r.key + spans(r))
        self.assertEqual(found[1], [("a", 1, 0, 10), ("b", 1, 5, 15), (None, 1, 8, 18)])

    def test_max_duration_cuts_pieces_from_the_start(self):
        query = Query(kind="session", gap=10, max_duration=15)
        found = given(query, rows(0, 8, 16, 24, 32), Finish(), form=spans)[1]
        self.assertEqual(found, [(2, 0, 15), (2, 15, 30), (1, 30, 42)])

    def test_a_piece_without_rows_gives_nothing(self):
        query = Query(kind="session", gap=10, max_duration=4)
        self.assertEqual(given(query, rows(0, 9), Finish(), form=spans)[1], [(1, 0, 4), (1, 8, 12)])

    def test_a_piece_fires_when_the_watermark_passes_its_end(self):
        query = Query(kind="session", gap=10, max_duration=15)
        found = given(query, rows(0, 8, 16), Advance(0, 13), Advance(0, 14), Advance(0, 25), form=spans)
        self.assertEqual(found, [[], [], [(2, 0, 15)], [(1, 15, 26)]])

    def test_a_fired_piece_fixes_the_start(self):
        query = Query(kind="session", gap=10, max_duration=15)
        events = (rows(5, 12, 20), Advance(0, 19), rows(11), Finish())
        # the session has begun at 5, its piece [5, 20) has fired: @11 is late
        self.assertEqual(given(query, *events, form=spans)[1:], [[(2, 5, 20)], [], [(1, 20, 30)]])
        self.assertEqual(counters(query, *events)["late"], 1)

    def test_a_row_is_judged_by_the_piece_that_would_hold_it(self):
        query = Query(kind="session", gap=10, max_duration=4)
        # before a start that is fixed, and before one that is not: [4, 8) has passed
        self.assertEqual(counters(query, rows(5), Advance(0, 8), rows(4))["late"], 1)
        self.assertEqual(counters(query, rows(6), Advance(0, 8), rows(4))["late"], 1)
        self.assertEqual(given(query, rows(6), Advance(0, 7), rows(5), Finish(), form=spans)[3], [(2, 5, 9)])

    def test_a_late_row_does_not_prolong_a_session(self):
        query = Query(kind="session", gap=10, max_duration=6)
        found = given(query, rows(0), Advance(0, 5), rows(4), rows(11), Finish(), form=spans)
        self.assertEqual(found[4], [(1, 11, 17)])


class Counts(unittest.TestCase):
    def test_tumbling_counts_fire_by_arrival(self):
        query = Query(kind="count", size=2)
        found = given(query, rows(5), rows(3), rows(9), Finish(), form=spans)
        self.assertEqual(found, [[], [(2, 3, 6)], [], [(1, 9, 10)]])

    def test_a_slide_gives_the_last_rows_seen(self):
        query = Query(kind="count", size=3, slide=2)
        self.assertEqual(given(query, rows(1, 2, 3, 4, 5), Finish(), form=spans), [[(2, 1, 3), (3, 2, 5)], [(2, 4, 6)]])

    def test_the_end_fires_what_the_next_window_holds_so_far(self):
        self.assertEqual(given(Query(kind="count", size=6, slide=4), rows(1, 2, 3, 4, 5, 6), Finish(), form=spans),
                         [[(4, 1, 5)], [(4, 3, 7)]])
        self.assertEqual(given(Query(kind="count", size=3, slide=4), rows(1, 2, 3, 4, 5, 6), Finish(), form=spans),
                         [[(3, 2, 5)], [(1, 6, 7)]])
        self.assertEqual(given(Query(kind="count", size=4, slide=5), rows(1, 2, 3, 4, 5, 6), Finish(), form=spans),
                         [[(4, 2, 6)], []])

    def test_counts_are_never_late(self):
        query = Query(kind="count", size=1)
        self.assertEqual(counters(query, Advance(0, 1000), rows(1))["aggregated"], 1)

    def test_the_end_fires_no_remainder_twice(self):
        self.assertEqual(given(Query(kind="count", size=3, slide=2), rows(1, 2), Finish())[1], [])

    def test_count_or_time_fires_at_n_rows(self):
        query = Query(kind="count_or_time", size=2, span=100)
        self.assertEqual(given(query, rows(5, 1, 7), Finish(), form=spans), [[(2, 1, 6)], [(1, 7, 8)]])

    def test_count_or_time_fires_when_the_span_has_passed(self):
        query = Query(kind="count_or_time", size=9, span=100)
        found = given(query, rows(50, 20), Advance(0, 148), Advance(0, 149), rows(60), form=spans)
        self.assertEqual(found, [[], [], [(2, 20, 51)], []])


class Watermarks(unittest.TestCase):
    def test_a_window_fires_when_its_last_time_is_reached(self):
        query = Query(size=10, watermark=("delay", 0))
        self.assertEqual(given(query, rows(1), rows(8), rows(9), rows(9)), [[], [], [(3, 9)], []])

    def test_a_row_is_judged_before_it_moves_the_watermark(self):
        query = Query(size=10, watermark=("delay", 0))
        self.assertEqual(counters(query, rows(9, 9)), {"rows_in": 2, "aggregated": 1, "late": 1, "rows_out": 1})

    def test_no_watermark_at_or_below_1970(self):
        query = Query(size=10, watermark=("delay", 0))
        events = (rows(-1, -500, 0, -7), rows(1))
        self.assertEqual(given(query, *events), [[], [(1, -491), (2, -1)]])
        self.assertEqual(counters(query, *events)["aggregated"], 5)

    def test_filtered_rows_move_the_watermark(self):
        query = Query(size=10, watermark=("delay", 0), where=Filter("v", ">=", 1))
        self.assertEqual(given(query, rows(1), rows(20, v=0))[1], [(1, 9)])

    def test_a_null_expression_leaves_the_watermark(self):
        query = Query(size=10, watermark=("column",))
        self.assertEqual(given(query, rows(1, wm=None), rows(2, wm=9)), [[], [(2, 9)]])

    def test_rows_with_a_null_time_are_counted_and_may_move_a_watermark_column(self):
        query = Query(size=10, watermark=("column",))
        self.assertEqual(given(query, rows(1), rows(None, wm=9))[1], [(1, 9)])
        self.assertEqual(counters(query, rows(None))["null_time"], 1)

    def test_the_watermark_never_goes_back(self):
        steps = Model(Query(size=10)).run([Advance(0, 50), Advance(0, 20)])
        self.assertEqual([step.watermark for step in steps], [50, 50])

    def test_before_the_first_watermark_nothing_is_late(self):
        self.assertEqual(counters(Query(size=1), rows(INT64_MIN))["aggregated"], 1)

    def test_nothing_before_every_partition_has_reported(self):
        steps = Model(Query(size=10), 2).run([Advance(0, 50), Advance(1, 20), Advance(1, 70)])
        self.assertEqual([step.watermark for step in steps], [INT64_MIN, 20, 50])

    def test_the_median_of_the_other_partitions_guards_against_the_future(self):
        query = Query(size=10, watermark=("delay", 0), max_future=100, future_reference="partitions")
        events = (Push(0, (row(5000),)),  # the first has none to be measured against
                  Push(1, (row(7),)), Push(2, (row(9),)), Push(3, (row(110), row(108), row(107))), Push(1, (row(8),)))
        steps = Model(query, 4, 0).run(events)
        # P3 against the lower median of 5000, 7 and 9, which is 9: 110 is from the future
        self.assertEqual([step.counters.future for step in steps], [0, 0, 0, 1, 1])
        self.assertEqual([step.watermark for step in steps][3:], [7, 8])

    def test_an_idle_partition_is_left_out(self):
        steps = Model(Query(size=10), 2).run([Advance(0, 50), Idle(1)])
        self.assertEqual(steps[1].watermark, 50)

    def test_all_idle_rises_to_the_largest(self):
        steps = Model(Query(size=10), 2).run([Advance(0, 50), Advance(1, 20), Idle(0), Idle(1)])
        self.assertEqual([step.watermark for step in steps], [INT64_MIN, 20, 20, 50])

    def test_one_that_comes_back_stays_out_until_it_has_caught_up(self):
        events = [Advance(0, 10), Idle(1), Advance(0, 50), Advance(1, 20), Advance(0, 60), Advance(1, 60),
                  Advance(0, 90), Advance(1, 80)]
        steps = Model(Query(size=10), 2).run(events)
        self.assertEqual([step.watermark for step in steps], [INT64_MIN, 10, 50, 50, 60, 60, 60, 80])

    def test_the_guard_against_the_future_is_exact_in_any_unit(self):
        for unit, last in (("s", 7), ("ms", 7999), ("us", 7_999_000), ("ns", 7_999_000_000)):
            for native in (False, True):
                query = Query(size=10, max_future=2999, built=True, native=native, unit=unit, watermark=("delay", 1))
                self.assertNotIn("future", counters(query, rows(last), now=5000))
                self.assertEqual(counters(query, rows(last, last + 1), now=5000)["future"], 1)

    def test_future_rows_leave_the_watermark(self):
        for policy, counted in (("keep", "aggregated"), ("drop", "future_dropped"), ("side-output", "future_dropped")):
            query = Query(size=10, watermark=("delay", 0), max_future=100, future_policy=policy)
            steps = Model(query, 1, 1000).run([rows(1100, 1101)])
            self.assertEqual(steps[0].watermark, 1100)
            self.assertEqual(counters(query, rows(1101), now=1000)[counted], 1)
            self.assertEqual(len(steps[0].late), policy == "side-output")


class LateRows(unittest.TestCase):
    def test_cleanup_saturates(self):
        self.assertFalse(is_cleaned_up((0, INT64_MAX), 5000, INT64_MAX - 1))
        self.assertTrue(is_cleaned_up((0, INT64_MAX), 5000, INT64_MAX))

    def test_a_hop_row_counts_in_the_windows_that_are_open(self):
        query = Query(kind="hop", size=10, slide=5)
        events = (Advance(0, 9), rows(7), Finish())
        self.assertEqual(given(query, *events)[2], [(1, 14)])
        self.assertEqual(counters(query, *events), {"rows_in": 1, "aggregated": 1, "rows_out": 1})

    def test_a_row_of_a_gap_is_unassigned_and_never_late(self):
        query = Query(kind="hop", size=3, slide=10)
        self.assertEqual(counters(query, Advance(0, 100), rows(5), rows(1)), {"rows_in": 2, "unassigned": 1, "late": 1})

    def test_lateness_without_late_fire_does_nothing(self):
        query = Query(size=10, lateness=5)
        self.assertEqual(given(query, rows(1), Advance(0, 9), rows(2), Finish()), [[], [(1, 9)], [], []])
        self.assertEqual(counters(query, Advance(0, 9), rows(2)), {"rows_in": 1, "late": 1})

    def test_a_late_but_allowed_row_fires_at_once(self):
        query = Query(size=10, lateness=5, late_fire=True)
        found = given(query, rows(1), Advance(0, 9), rows(2), rows(3), Advance(0, 14), form=ops)
        self.assertEqual(found, [[], [("+I", 1, 9)], [("-U", 1, 9), ("+U", 2, 9)], [("-U", 2, 9), ("+U", 3, 9)], []])

    def test_the_first_row_of_a_closed_window_inserts(self):
        query = Query(size=10, lateness=5, late_fire=True)
        self.assertEqual(given(query, Advance(0, 9), rows(2), form=ops)[1], [("+I", 1, 9)])

    def test_side_output_gives_the_whole_row(self):
        query = Query(size=10, late_policy="side-output")
        late = row(3, v=7, k="x", wm=1, g=2, d=0.5)
        self.assertEqual(Model(query).run([Advance(0, 9), Push(0, (late,))])[1].late, [late])

    def test_fold_counts_in_the_first_open_window(self):
        query = Query(size=10, late_policy="fold")
        events = (Advance(0, 29), rows(3), Finish())
        self.assertEqual(given(query, *events)[2], [(1, 39)])
        self.assertEqual(counters(query, *events), {"rows_in": 1, "aggregated": 1, "rows_out": 1, "folded": 1})

    def test_fold_into_hop_takes_the_least_end_alone(self):
        query = Query(kind="hop", size=10, slide=4)
        for watermark in range(-30, 30):
            (start, end), = fold_windows(query, watermark)
            self.assertTrue(end - 1 > watermark >= end - 1 - 4 and start % 4 == 0 and end - start == 10)

    def test_fold_into_cumulate_goes_on_through_the_base_period(self):
        query = Query(kind="cumulate", size=6, step=2)
        self.assertEqual(fold_windows(query, 1), [(0, 4), (0, 6)])
        self.assertEqual(fold_windows(query, 5), [(6, 8), (6, 10), (6, 12)])

    def test_nothing_is_open_after_the_end_of_time(self):
        self.assertEqual(fold_windows(Query(size=10), INT64_MAX), [])


class Emission(unittest.TestCase):
    def test_early_by_rows(self):
        query = Query(size=10, early_rows=2)
        found = given(query, rows(1), rows(1), rows(1), rows(1), Advance(0, 9), form=ops)
        self.assertEqual(found, [[], [("+I", 2, 9)], [], [("-U", 2, 9), ("+U", 4, 9)], []])

    def test_the_close_gives_what_has_changed(self):
        query = Query(size=10, early_rows=2)
        self.assertEqual(given(query, rows(1, 1, 1), Advance(0, 9), form=ops)[1], [("-U", 2, 9), ("+U", 3, 9)])

    def test_equal_values_give_nothing(self):
        query = Query(size=10, early_rows=1, aggregates=(Aggregate("MAX", "v"),))
        self.assertEqual(given(query, rows(1, v=5), rows(1, v=3), form=ops), [[("+I", 5, 9)], []])

    def test_accumulating_gives_new_totals_alone(self):
        query = Query(size=10, early_rows=1, emit="accumulating")
        self.assertEqual(given(query, rows(1), rows(1), form=ops), [[("+I", 1, 9)], [("+U", 2, 9)]])

    def test_discarding_gives_deltas(self):
        query = Query(size=10, early_rows=2, emit="discarding")
        found = given(query, rows(1, 1, 1), Advance(0, 9), form=ops)
        self.assertEqual(found, [[("+I", 2, 9)], [("+I", 1, 9)]])

    def test_early_by_event_time(self):
        query = Query(size=100, early_time=10)
        found = given(query, rows(50), Advance(0, 59), Advance(0, 60), Advance(0, 75), rows(60), Advance(0, 81),
                      Advance(0, 99), form=ops)
        self.assertEqual(found, [[], [("+I", 1, 99)], [], [], [], [("-U", 1, 99), ("+U", 2, 99)], []])

    def test_end_flush_fires_all(self):
        self.assertEqual(given(Query(size=10), rows(1), Finish())[1], [(1, 9)])

    def test_end_discard_drops_what_no_watermark_closed(self):
        for query in (Query(size=10, end="discard"), Query(kind="count", size=3, end="discard")):
            self.assertEqual(given(query, rows(1), Finish())[1], [])

    def test_end_mark_tells_which_windows_were_cut_short(self):
        query = Query(size=10, end="mark")
        found = given(query, rows(1, 11), Advance(0, 9), Finish(), form=lambda r: (r.end, r.complete))
        self.assertEqual(found[1:], [[(10, True)], [(20, False)]])


    def test_having_takes_results(self):
        query = Query(size=10, having=Having(SUM, ">=", 3))
        self.assertEqual(given(query, rows(1, v=2), rows(2, v=1), rows(11, v=2), rows(21, v=None), Finish())[4], [(2, 9)])

    def test_having_takes_each_row_of_an_update(self):
        query = Query(size=10, early_rows=1, having=Having(COUNT, ">=", 2))
        self.assertEqual(given(query, rows(1), rows(1), rows(1), form=ops),
                         [[], [("+U", 2, 9)], [("-U", 2, 9), ("+U", 3, 9)]])

    def test_having_looks_at_filled_rows(self):
        query = Query(size=10, aggregates=(SUM,), fill=Fill("value", 7, 5), having=Having(SUM, ">=", 5))
        self.assertEqual(given(query, rows(1, v=2), rows(21, v=6), Finish())[2], [(7, 19), (6, 29)])

    def test_early_by_the_wall_clock_from_the_first_row(self):
        query = Query(size=100, early_clock=10)
        found = given(query, Clock(3, True), rows(1), Clock(12, True), Clock(13, True), Clock(40, True), rows(2),
                      Clock(42, True), Clock(43, True), form=ops)
        self.assertEqual(found, [[], [], [], [("+I", 1, 99)], [], [], [], [("-U", 1, 99), ("+U", 2, 99)]])


class WallClock(unittest.TestCase):
    """docs/semantics.md, 2."""

    def marks(self, query, *events, partitions=1):
        return [step.watermark for step in Model(query, partitions, 0).run(events)]

    def test_a_partition_without_rows_for_so_long_is_idle(self):
        query = Query(size=10, watermark=("delay", 0), idle_timeout=50)
        found = self.marks(query, Push(0, (row(7),)), Clock(49, True), Clock(50, False), Push(0, (row(8),)), partitions=2)
        self.assertEqual(found, [INT64_MIN, INT64_MIN, INT64_MIN, 8])

    def test_all_idle_rise_to_the_largest(self):
        query = Query(size=10, watermark=("delay", 0), idle_timeout=50)
        events = (Push(0, (row(7),)), Push(1, (row(3),)), Clock(50, True))
        self.assertEqual(self.marks(query, *events, partitions=2), [INT64_MIN, 3, 7])

    def test_those_idle_at_once_are_left_out_at_once(self):
        query = Query(size=10, watermark=("delay", 0), idle_timeout=50)
        for first, second in ((0, 1), (1, 0)):
            events = (Push(first, (row(7),)), Push(second, (row(3),)), Idle(2), Clock(10, True), Push(2, (row(1),)),
                      Clock(50, True), Clock(60, True))
            self.assertEqual(self.marks(query, *events, partitions=3)[2:], [3, 3, 3, 3, 7])

    def test_the_clock_does_not_go_back(self):
        query = Query(size=10, watermark=("delay", 0), idle_timeout=50)
        events = (Push(0, (row(7),)), Clock(40, True), Clock(20, True), Push(1, (row(3),)), Clock(89, True),
                  Clock(90, True))
        self.assertEqual(self.marks(query, *events, partitions=2)[3:], [3, 3, 7])

    def test_a_stream_that_has_stopped_is_closed(self):
        query = Query(size=10, watermark=("delay", 100), close_after=50)
        found = given(query, rows(1, 12), Clock(49, True), Clock(50, True), rows(13, 21), Clock(100, True))
        self.assertEqual(found, [[], [], [(1, 9), (1, 19)], [], [(1, 29)]])
        self.assertEqual(counters(query, rows(1, 12), Clock(50, True), rows(13))["late"], 1)

    def test_the_close_reaches_the_last_window_of_the_greatest_time(self):
        for query, last in ((Query(kind="hop", size=10, slide=5), 19), (Query(kind="cumulate", size=20, step=5), 19),
                            (Query(kind="session", gap=7), 18), (Query(kind="count_or_time", size=9, span=4), 15)):
            query.watermark, query.close_after = ("delay", 100), 50
            self.assertEqual(self.marks(query, rows(12, 3), Clock(50, True))[1], last)

    def test_rows_from_the_future_do_not_close(self):
        query = Query(size=10, watermark=("delay", 100), close_after=50, max_future=20)
        self.assertEqual(self.marks(query, rows(12, 500), Clock(50, True))[1], 19)

    def test_windows_of_processing_time_end_when_the_clock_reaches_their_end(self):
        query = Query(size=10, processing_time=True)
        found = given(query, Clock(3, True), rows(None, 77), Clock(9, True), Clock(10, True), rows(0), Clock(20, False),
                      rows(0), form=spans)
        self.assertEqual(found, [[], [], [], [(2, 0, 10)], [], [], [(1, 10, 20)]])

    def test_windows_of_processing_time_that_are_open_at_the_end_give_nothing(self):
        query = Query(size=10, processing_time=True)
        self.assertEqual(given(query, rows(0), Finish()), [[], []])
        self.assertEqual(given(query, rows(0), Clock(10, False), Finish()), [[], [], [(1, 9)]])


class Zones(unittest.TestCase):
    """docs/semantics.md, 1: windows on the wall clock."""
    HOUR, DAY = 3600000, 86400000
    SPRING, AUTUMN = 1711846800000, 1729990800000  # when Berlin's clock changes in 2024

    def test_the_clock_and_back(self):
        self.assertEqual(local_of("Europe/Berlin", 0), self.HOUR)
        self.assertEqual(local_of("Europe/Berlin", self.SPRING - 1), self.SPRING + self.HOUR - 1)
        self.assertEqual(local_of("Europe/Berlin", self.SPRING), self.SPRING + 2 * self.HOUR)
        self.assertEqual(instant_of("Europe/Berlin", self.AUTUMN + self.HOUR), self.AUTUMN - self.HOUR)
        self.assertEqual(instant_of("Europe/Berlin", self.SPRING + self.HOUR), self.SPRING)

    def test_a_time_shown_twice_fires_at_its_later_instant(self):
        self.assertEqual(timer_of("Europe/Berlin", self.AUTUMN + 2 * self.HOUR - 1), self.AUTUMN + self.HOUR - 1)

    def test_a_time_that_is_skipped_fires_with_the_jump(self):
        for skipped in (0, 1, self.HOUR - 1):
            self.assertEqual(timer_of("Europe/Berlin", self.SPRING + self.HOUR + skipped), self.SPRING)

    def test_all_ticks_of_a_ms_share_what_the_clock_does(self):
        at = self.AUTUMN + 2 * self.HOUR - 1
        self.assertEqual(timer_of("Europe/Berlin", at * 1000 + 7, 1000), (self.AUTUMN + self.HOUR - 1) * 1000 + 7)
        self.assertEqual(timer_of("Europe/Berlin", (self.SPRING + self.HOUR) * 1000 + 7, 1000), self.SPRING * 1000)
        self.assertEqual(local_of("Europe/Berlin", 7, 1000), 1000 * self.HOUR + 7)
        self.assertEqual(local_watermark("Europe/Berlin", 7, 1000), 1000 * self.HOUR + 7)

    def test_the_local_watermark_is_the_greatest_that_has_fired(self):
        for base in (self.SPRING, self.AUTUMN):
            for watermark in range(base - 3 * self.HOUR, base + 3 * self.HOUR, self.HOUR // 4 - 1):
                local = local_watermark("Europe/Berlin", watermark)
                self.assertTrue(timer_of("Europe/Berlin", local) <= watermark < timer_of("Europe/Berlin", local + 1))

    def test_days_of_23_and_25_hours(self):
        query = Query(size=self.DAY, zone="Europe/Berlin")
        for change, hours in ((self.SPRING, 23), (self.AUTUMN, 25)):
            times = range(change - 30 * self.HOUR, change + 48 * self.HOUR, self.HOUR)
            found = given(query, rows(*times), Finish())[1]
            self.assertIn(hours, [count for count, _ in found])

    def test_the_hour_that_comes_twice_is_one_window(self):
        query = Query(size=self.HOUR, zone="Europe/Berlin")
        first, second = self.AUTUMN - self.HOUR // 2, self.AUTUMN + self.HOUR // 2
        found = given(query, rows(first, second), Advance(0, self.AUTUMN - 1), Advance(0, self.AUTUMN + self.HOUR - 1),
                      form=spans)
        self.assertEqual(found, [[], [], [(2, self.AUTUMN + self.HOUR, self.AUTUMN + 2 * self.HOUR)]])

    def test_a_gap_is_measured_on_the_local_clock(self):
        query = Query(kind="session", gap=30 * 60000, zone="Europe/Berlin")
        times = (self.SPRING - 5 * 60000, self.SPRING + 5 * 60000)  # 01:55 and 03:05
        self.assertEqual([result[0] for result in given(query, rows(*times), Finish(), form=spans)[1]], [1, 1])


    def test_end_mark_tells_of_count_windows_that_were_not_filled(self):
        for query in (Query(kind="count", size=2, end="mark"), Query(kind="count_or_time", size=2, span=9, end="mark")):
            found = given(query, rows(1, 2, 3), Advance(0, 4), Finish(), form=lambda r: (r.end, r.complete))
            self.assertEqual(found, [[(3, True)], [], [(4, False)]])


class Filling(unittest.TestCase):
    def fill(self, kind, value=None, most=9, events=None, aggregates=(SUM,)):
        query = Query(size=10, aggregates=aggregates, fill=Fill(kind, value, most))
        events = events or (Push(0, (row(5, v=2), row(35, v=8))), Finish())
        return given(query, *events)

    def test_null_prev_value_linear(self):
        for kind, value, first, second in (("null", None, None, None), ("prev", None, 2, 2), ("value", -1, -1, -1),
                                           ("linear", None, 4, 6)):
            self.assertEqual(self.fill(kind, value)[1], [(2, 9), (first, 19), (second, 29), (8, 39)])

    def test_filled_rows_come_with_the_later_window(self):
        found = self.fill("prev", events=(rows(5), Advance(0, 25), rows(35), Advance(0, 38), Advance(0, 39)))
        self.assertEqual(found, [[], [(1, 9)], [], [], [(1, 19), (1, 29), (1, 39)]])

    def test_a_longer_stretch_is_not_filled(self):
        self.assertEqual(len(self.fill("prev", most=2)[1]), 4)
        self.assertEqual(len(self.fill("prev", most=1)[1]), 2)

    def test_each_key_is_filled_alone(self):
        query = Query(size=10, keys=("k",), fill=Fill("prev", None, 5))
        found = given(query, keyed(("a", 1, 5), ("b", 1, 15), ("a", 1, 25)), Finish())[1]
        self.assertEqual(sorted(found), [("a", 1, 9), ("a", 1, 19), ("a", 1, 29), ("b", 1, 19)])

    def test_linear_truncates_towards_zero(self):
        self.assertEqual([between(0, 10, i, 3) for i in (1, 2)], [3, 6])
        self.assertEqual([between(0, -10, i, 3) for i in (1, 2)], [-3, -6])
        self.assertEqual(between(INT64_MIN, INT64_MAX, 1, 2), -1)
        self.assertEqual(between(1.0, 2.0, 1, 2), 1.5)
        self.assertIsNone(between(None, 2, 1, 2))


class Aggregates(unittest.TestCase):
    def test_nulls_are_skipped(self):
        values = [row(1, v=None), row(1, v=-7), row(1, v=4)]
        expected = {"COUNT": 2, "SUM": -3, "MIN": -7, "MAX": 4, "AVG": -1}
        for function, value in expected.items():
            self.assertEqual(aggregate(Aggregate(function, "v"), values), value)
        self.assertEqual(aggregate(COUNT, values), 3)

    def test_only_nulls_are_null_and_count_0(self):
        values = [row(1, v=None)]
        self.assertEqual([aggregate(Aggregate(name, "v"), values) for name in ("COUNT", "SUM", "MIN", "MAX", "AVG")],
                         [0, None, None, None, None])

    def test_a_sum_that_does_not_fit_is_an_error(self):
        with self.assertRaises(SumOverflow):
            aggregate(SUM, [row(1, v=INT64_MAX), row(1, v=1)])
        self.assertEqual(aggregate(SUM, [row(1, v=INT64_MAX), row(1, v=1), row(1, v=-1)]), INT64_MAX)
        self.assertEqual(aggregate(Aggregate("AVG", "v"), [row(1, v=INT64_MAX), row(1, v=INT64_MAX)]), INT64_MAX)

    def test_null_is_a_key_of_its_own(self):
        found = given(Query(size=10, keys=("k",)), keyed((None, 1, 1), ("", 1, 1), (None, 1, 2)), Finish())[1]
        self.assertEqual(found, [(None, 2, 9), ("", 1, 9)])

    def test_where_keeps_what_is_true(self):
        query = Query(size=10, where=Filter("v", ">=", 3))
        found = counters(query, rows(1, v=None), rows(1, v=2), rows(1, v=3))
        self.assertEqual(found, {"rows_in": 3, "filtered": 2, "aggregated": 1})


if __name__ == "__main__":
    unittest.main()
