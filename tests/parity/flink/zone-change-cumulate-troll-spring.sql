-- mode: streaming; two hours that do not come; CUMULATE
-- weir differs: the clock skips two hours, where Flink gives windows of no length, one window twice with a part of its rows each, and lets
-- a row in time that is late here. weir fires in the order of ends, each window once.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Antarctica/Troll';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-troll-spring.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE change, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '2' HOUR))
GROUP BY window_start, window_end, window_time;
