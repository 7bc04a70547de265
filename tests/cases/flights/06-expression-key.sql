CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- a computed key, through a view
CREATE TEMPORARY VIEW banded AS
SELECT `date`, delay, CASE WHEN distance < 500 THEN 'short' WHEN distance < 1500 THEN 'middle' ELSE 'long' END AS band FROM flights;
SELECT window_start, window_end, band, COUNT(*) AS flights, MIN(delay) AS delay_min, MAX(delay) AS delay_max
FROM TABLE(TUMBLE(TABLE banded, DESCRIPTOR(`date`), INTERVAL '1' DAY))
GROUP BY window_start, window_end, band;
