-- mode: streaming; a view that renames the time below windows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW named (moment, who) AS SELECT ts, COALESCE(k, 'nobody') FROM late WHERE v IS NOT NULL;

SELECT window_start, window_end, who, COUNT(*) AS n
FROM TABLE(CUMULATE(TABLE named, DESCRIPTOR(moment), INTERVAL '10' SECOND, INTERVAL '30' SECOND))
GROUP BY window_start, window_end, who;
