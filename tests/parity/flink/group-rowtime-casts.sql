-- mode: streaming; TUMBLE_ROWTIME in casts and functions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS STRING) AS a, CAST(TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS TIMESTAMP(0)) AS b, CAST(TUMBLE_START(ts, INTERVAL '10' SECOND) AS DATE) AS c,
  FLOOR(TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) TO MINUTE) AS d, TUMBLE_END(ts, INTERVAL '10' SECOND) - INTERVAL '1' MINUTE AS e, EXTRACT(SECOND FROM TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND)) AS f, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
