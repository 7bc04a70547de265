-- mode: streaming; WITH above WITH over windows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

WITH a AS (SELECT ts, k, v FROM late WHERE k IS NOT NULL), b AS (SELECT window_start AS ws, window_end AS we, k, MAX(v) AS m FROM TABLE(CUMULATE(TABLE a, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end, k)
SELECT ws, we, k, m FROM b WHERE m BETWEEN 3 AND 20;
