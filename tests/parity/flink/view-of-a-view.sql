-- mode: streaming; views on views, each with WHERE
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW a AS SELECT ts, UPPER(k) AS k, v FROM late WHERE v IS NOT NULL;
CREATE TEMPORARY VIEW b AS SELECT ts, k || '!' AS kk, v - 1 AS w FROM a WHERE v > 1;
CREATE TEMPORARY VIEW c AS SELECT window_start, window_end, kk, MAX(w) AS m FROM TABLE(CUMULATE(TABLE b, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, window_end, kk;

SELECT window_start, window_end, kk, m * 2 AS m2
FROM c WHERE m > 4 AND kk LIKE '_!';
