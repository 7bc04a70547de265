-- mode: streaming; keys of TIME and what is extracted from it
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE clocks (
  ts TIMESTAMP(3), t TIME(0), z STRING, e BIGINT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, t, EXTRACT(HOUR FROM t) AS h, t > TIME '12:00:00' AS l, CAST(t AS STRING) AS s, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE clocks, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, t, EXTRACT(HOUR FROM t), t > TIME '12:00:00', CAST(t AS STRING);
