-- mode: streaming; updates
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '1 min';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' SECOND) AS a, k, COUNT(*) AS n, SUM(v) AS sv, MIN(x) AS mx
FROM ticks GROUP BY TUMBLE(ts, INTERVAL '30' SECOND), k;
