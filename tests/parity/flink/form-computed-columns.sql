-- mode: streaming; computed columns beside the time
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT, twice AS v * 2, name AS COALESCE(UPPER(k), '?'), at_ AS ts + INTERVAL '2' SECOND,
  WATERMARK FOR at_ AS at_ - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, name, COUNT(*) AS n, SUM(twice) AS s2
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(at_), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, name;
