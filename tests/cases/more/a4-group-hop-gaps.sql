-- mode: streaming; rows between windows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '1' MINUTE, INTERVAL '25' SECOND) AS a, k, COUNT(*) AS n
FROM ticks GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '25' SECOND), k;
