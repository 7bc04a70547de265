-- mode: streaming; older HOP with allowed lateness over a view that filters
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW a AS SELECT ts, COALESCE(k, 'x') AS k, v FROM late WHERE v IS NOT NULL AND v <> 9;

SELECT HOP_END(ts, INTERVAL '5' SECOND, INTERVAL '20' SECOND) AS e, k, SUM(v) AS s, COUNT(*) AS n
FROM a
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '20' SECOND), k;
