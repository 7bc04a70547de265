-- mode: streaming; half an hour that comes twice; sessions of the older form
-- weir differs: half an hour comes twice, where the timers of Flink do not rise with the ends of windows: the session until
-- 01:39 stays open for longer than one that ends later, and takes two more rows. Here it has fired, and the row in time begins another.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-lord-howe-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '9' MINUTE) AS ws, SESSION_END(ts, INTERVAL '9' MINUTE) AS we, SESSION_ROWTIME(ts, INTERVAL '9' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY SESSION(ts, INTERVAL '9' MINUTE), k;
