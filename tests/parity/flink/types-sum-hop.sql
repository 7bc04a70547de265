-- mode: streaming; SUM and COUNT of each type, sums of nothing but NULL
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(ti) AS nti, SUM(ti) AS sti, SUM(si) AS ssi, SUM(i) AS si_, SUM(b) AS sb, SUM(f) AS sf, SUM(x) AS sx
FROM TABLE(HOP(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
