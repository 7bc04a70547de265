-- mode: streaming; HAVING and CASE over the older bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CASE WHEN TUMBLE_END(ts, INTERVAL '10' SECOND) > TIMESTAMP '2024-05-01 10:01:00' THEN 'after' ELSE 'before' END AS c, TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS r, k, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k
HAVING EXTRACT(SECOND FROM TUMBLE_START(ts, INTERVAL '10' SECOND)) <> 10;
