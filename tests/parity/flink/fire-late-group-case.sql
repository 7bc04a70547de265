-- mode: streaming; allowed lateness, keys of CASE, NULL keys
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, CASE WHEN k = 'a' THEN NULL ELSE k END AS c, COUNT(*) AS n, SUM(v) AS s
FROM late
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), CASE WHEN k = 'a' THEN NULL ELSE k END;
