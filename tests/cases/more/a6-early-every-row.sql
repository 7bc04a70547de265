-- mode: streaming; HAVING drops some of the updates
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) AS a, k, COUNT(*) AS n, SUM(v) AS sv
FROM ticks GROUP BY TUMBLE(ts, INTERVAL '2' MINUTE), k HAVING COUNT(*) > 2;
