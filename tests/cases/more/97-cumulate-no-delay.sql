-- mode: streaming; late rows within steps that have fired
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS s, AVG(v) AS a, MIN(x) AS m
FROM TABLE(CUMULATE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '20' MINUTE))
GROUP BY window_start, window_end, k;
