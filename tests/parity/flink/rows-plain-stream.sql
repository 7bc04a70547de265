-- mode: streaming; plain rows of a stream: nothing is late
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, UPPER(COALESCE(k, 'none')) AS k, v * 2 AS w FROM late WHERE v > 3 OR v IS NULL;
