-- mode: streaming; a view over a view, with names of its own
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW known AS SELECT ts, k, v AS w, x FROM ticks WHERE k IS NOT NULL;
CREATE VIEW heavy (at_ts, name, weight) AS SELECT ts, CONCAT(k, '!'), w * 10 FROM known WHERE w > 0 AND x < 45;

SELECT window_start, window_end, name, COUNT(*) AS n, SUM(weight) AS sw
FROM TABLE(TUMBLE(TABLE heavy, DESCRIPTOR(at_ts), INTERVAL '15' MINUTE))
WHERE name <> 'jfk!'
GROUP BY window_start, window_end, name;
