-- mode: streaming; half an hour that comes twice; HOP
-- weir differs: half an hour comes twice, where the timers of Flink do not rise with the ends of windows: [01:20, 02:20)
-- has another row there.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-lord-howe-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE change, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
