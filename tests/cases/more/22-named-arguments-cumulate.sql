-- mode: streaming
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(CUMULATE(DATA => TABLE ticks, TIMECOL => DESCRIPTOR(ts), STEP => INTERVAL '10' MINUTE, SIZE => INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
