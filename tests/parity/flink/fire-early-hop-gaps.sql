-- mode: streaming; HOP with gaps
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE same (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/same.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '4' SECOND) AS ws, HOP_END(ts, INTERVAL '10' SECOND, INTERVAL '4' SECOND) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM same
GROUP BY HOP(ts, INTERVAL '10' SECOND, INTERVAL '4' SECOND);
