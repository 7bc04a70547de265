-- mode: streaming; the row time and what is computed from it as keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, FLOOR(ts TO HOUR) AS h, v > 0 AS p, CAST(x AS INT) AS xi, COUNT(*) AS n, MAX(ts) AS last_ts
FROM TABLE(HOP(TABLE ticks, DESCRIPTOR(ts), INTERVAL '30' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end, FLOOR(ts TO HOUR), v > 0, CAST(x AS INT);
