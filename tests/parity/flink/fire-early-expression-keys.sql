-- mode: streaming; results at every row, keys of expressions, WHERE
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, MOD(v, 3) AS m, COUNT(*) AS n, SUM(v) AS s
FROM late
WHERE v IS NOT NULL
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), MOD(v, 3);
