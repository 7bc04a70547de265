-- mode: streaming; a view computes the time of HOP
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT, t2 AS ts + INTERVAL '1' SECOND, t3 AS TO_TIMESTAMP(DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss')),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(x, INTERVAL '5' SECOND, INTERVAL '10' SECOND) s, k, COUNT(*) n FROM (SELECT ts + INTERVAL '3' SECOND AS x, k FROM late) GROUP BY HOP(x, INTERVAL '5' SECOND, INTERVAL '10' SECOND), k;
