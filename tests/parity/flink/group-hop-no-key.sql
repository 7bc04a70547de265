-- mode: streaming; the older form without a key, odd ratio, zero delay
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '4' SECOND, INTERVAL '15' SECOND) AS ws, HOP_END(ts, INTERVAL '4' SECOND, INTERVAL '15' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '4' SECOND, INTERVAL '15' SECOND) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM late
GROUP BY HOP(ts, INTERVAL '4' SECOND, INTERVAL '15' SECOND);
