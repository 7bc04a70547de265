-- mode: streaming; TIMESTAMPADD
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, TIMESTAMPADD(SECOND, 90, ts) AS a, TIMESTAMPADD(MONTH, -1, ts) AS b, TIMESTAMPADD(DAY, 1, DATE '2024-02-28') AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, TIMESTAMPADD(SECOND, 90, ts), TIMESTAMPADD(MONTH, -1, ts);
