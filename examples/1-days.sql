-- The days on which a large airport ran latest: one-day windows, a key, HAVING, ORDER BY.
CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

SELECT window_start, origin, COUNT(*) AS flights, MAX(delay) AS delay_max, AVG(CAST(delay AS DOUBLE)) AS delay_mean
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' DAY))
GROUP BY window_start, window_end, origin
HAVING COUNT(*) >= 800
ORDER BY delay_mean DESC LIMIT 10;
