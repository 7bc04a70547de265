CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- flights, mean and largest delay a day and origin
SELECT window_start, window_end, origin, COUNT(*) AS flights, SUM(delay) AS delay_sum, AVG(CAST(delay AS DOUBLE)) AS delay_mean, MAX(delay) AS delay_max
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' DAY))
GROUP BY window_start, window_end, origin;
