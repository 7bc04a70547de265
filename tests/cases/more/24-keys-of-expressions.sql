-- mode: streaming; computed keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, UPPER(k) AS uk, MOD(v, 3) AS m, CASE WHEN x < 10 THEN 'low' WHEN x < 30 THEN 'middle' ELSE 'high' END AS band, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, UPPER(k), MOD(v, 3), CASE WHEN x < 10 THEN 'low' WHEN x < 30 THEN 'middle' ELSE 'high' END;
