-- mode: streaming; the older form over 1970, an odd ratio
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS ws, HOP_END(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM epoch
GROUP BY HOP(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND), k;
