-- Arrivals of the last six hours, looked at every hour: sliding windows over two keys.
CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

SELECT window_start, window_end, destination, distance >= 1500 AS far, COUNT(*) AS flights, MIN(delay) AS delay_min,
       MAX(delay) AS delay_max
FROM TABLE(HOP(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' HOUR, INTERVAL '6' HOUR))
GROUP BY window_start, window_end, destination, distance >= 1500
HAVING COUNT(*) >= 300;
