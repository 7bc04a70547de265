-- mode: streaming; half an hour that comes twice; the older form
-- weir differs: half an hour comes twice, where the timers of Flink do not rise with the ends of windows: of [01:15, 01:55)
-- a part is freed before it fires.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-lord-howe-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS ws, HOP_END(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS we, HOP_ROWTIME(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY HOP(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE);
