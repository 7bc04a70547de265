-- mode: streaming; many rows, rows of CUMULATE chosen by a bound and a column
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, v, window_start, window_end
FROM TABLE(CUMULATE(TABLE mixed, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
WHERE window_end - INTERVAL '2' SECOND > ts AND (k = 'a' OR v > 5);
