-- mode: streaming; many rows out of order around a change of the clock, allowed lateness
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
SET 'table.exec.emit.allow-lateness' = '2 h';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE hours (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/hours.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '2' HOUR) AS ws, TUMBLE_ROWTIME(ts, INTERVAL '2' HOUR) AS wr, k, COUNT(*) AS n, SUM(v) AS s
FROM hours
GROUP BY TUMBLE(ts, INTERVAL '2' HOUR), k;
