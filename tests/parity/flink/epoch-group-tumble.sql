-- mode: streaming; the older form over 1970
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '1' MINUTE) AS we, TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM epoch
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k;
