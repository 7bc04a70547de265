CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- sliding: six hours every hour, with HAVING
SELECT window_start, window_end, destination, COUNT(*) AS flights, MAX(delay) AS delay_max
FROM TABLE(HOP(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' HOUR, INTERVAL '6' HOUR))
GROUP BY window_start, window_end, destination
HAVING COUNT(*) >= 300;
