-- mode: streaming; allowed lateness with WHERE over NULL
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS we, COUNT(*) AS n, COUNT(v) AS c, SUM(v) AS s
FROM late
WHERE v > 3 OR k IS NULL
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
