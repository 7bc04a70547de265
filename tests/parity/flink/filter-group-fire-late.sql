-- mode: streaming; FILTER with allowed lateness
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, k, COUNT(*) FILTER (WHERE v > 5) AS a, SUM(v) FILTER (WHERE MOD(v, 2) = 1) AS b
FROM late
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
