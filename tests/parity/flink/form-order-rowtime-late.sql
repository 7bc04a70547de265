-- mode: streaming; ORDER BY the time of a stream with late rows
-- weir differs: Flink drops the rows that come late, and says nothing. weir gives all of them, as Flink does in batch mode.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, v
FROM late
ORDER BY ts;
