-- mode: streaming; TIMESTAMPADD of computed numbers, NULL and below zero among them
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, TIMESTAMPADD(SECOND, v, ts) AS a, TIMESTAMPADD(MONTH, v - 3, ts) AS b, TIMESTAMPADD(WEEK, -1, ts) AS c, TIMESTAMPADD(HOUR, 36, CAST(ts AS TIMESTAMP(3))) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, TIMESTAMPADD(SECOND, v, ts), TIMESTAMPADD(MONTH, v - 3, ts), TIMESTAMPADD(WEEK, -1, ts), TIMESTAMPADD(HOUR, 36, CAST(ts AS TIMESTAMP(3)));
