-- mode: streaming; the rows of 1969 under allowed lateness
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '1 min';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '1' MINUTE) AS we, k, COUNT(*) AS n, SUM(v) AS sv
FROM epoch
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k;
