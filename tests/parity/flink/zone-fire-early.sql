-- mode: streaming; early results of instants with HAVING over a bound
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) AS ws, TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS wr, k, COUNT(*) AS n, MAX(ts) AS m
FROM instants
GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), k
HAVING TUMBLE_END(ts, INTERVAL '1' HOUR) >= TIMESTAMP '2024-03-10 03:00:00';
