-- mode: streaming; conditions on bounds in a view and above it
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT, t2 AS ts + INTERVAL '1' SECOND, t3 AS TO_TIMESTAMP(DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss')),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, CASE WHEN window_time > ts + INTERVAL '5' SECOND THEN 'late' ELSE 'soon' END c FROM (SELECT * FROM TABLE(CUMULATE(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND)) WHERE window_time <> ts) WHERE v IS NOT NULL AND (window_end > ts OR k = 'a');
