-- mode: streaming; allowed lateness of HOP in a zone
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
SET 'table.exec.emit.allow-lateness' = '6 h';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '6' HOUR, INTERVAL '12' HOUR) AS ws, k, COUNT(*) AS n
FROM days
GROUP BY HOP(ts, INTERVAL '6' HOUR, INTERVAL '12' HOUR), k;
