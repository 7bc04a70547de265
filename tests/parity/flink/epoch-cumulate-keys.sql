-- mode: streaming; CUMULATE before 1970, keys of CASE
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CASE WHEN ts < TIMESTAMP '1970-01-01 00:00:00' THEN 'before' ELSE 'after' END AS c, COUNT(*) AS n
FROM TABLE(CUMULATE(TABLE epoch, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '2' MINUTE))
GROUP BY window_start, window_end, CASE WHEN ts < TIMESTAMP '1970-01-01 00:00:00' THEN 'before' ELSE 'after' END;
