-- mode: streaming; TIMESTAMPADD of dates
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, TIMESTAMPADD(DAY, ti, da) AS a, TIMESTAMPADD(QUARTER, 1, da) AS b, TIMESTAMPADD(YEAR, -1, da) AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE da > DATE '1900-01-01' AND da < DATE '9000-01-01'
GROUP BY window_start, window_end, TIMESTAMPADD(DAY, ti, da), TIMESTAMPADD(QUARTER, 1, da), TIMESTAMPADD(YEAR, -1, da);
