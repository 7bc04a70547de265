CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- no key; offset of 15 minutes
SELECT window_start, window_end, COUNT(*) AS flights, MIN(delay) AS delay_min, MAX(delay) AS delay_max, SUM(distance) AS miles
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' HOUR, INTERVAL '15' MINUTE))
GROUP BY window_start, window_end;
