-- mode: batch; the computed time of a subquery, in a batch
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS s FROM TABLE(TUMBLE((SELECT *, ts + INTERVAL '15' MINUTE AS shifted FROM instants), DESCRIPTOR(shifted), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;
