-- mode: streaming; of computed columns; a condition on bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, u, b, COUNT(*) AS n, MIN(ts) AS first_ts
FROM TABLE(SESSION((SELECT ts, UPPER(k) AS u, v > 100 AS b FROM ticks) PARTITION BY (u, b), DESCRIPTOR(ts), INTERVAL '30' SECOND))
WHERE window_end > TIMESTAMP '2024-03-09 07:02:00'
GROUP BY u, window_end, b, window_start;
