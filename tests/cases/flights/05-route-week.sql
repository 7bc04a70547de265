CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- two key columns, an expression inside and outside; HAVING keeps every sixth group or so, to keep the file of rows small
SELECT window_start, origin, destination, COUNT(*) AS flights, SUM(CASE WHEN delay > 15 THEN 1 ELSE 0 END) AS late_flights,
       CAST(SUM(delay) AS DOUBLE) / COUNT(*) AS delay_mean
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '7' DAY))
GROUP BY window_start, window_end, origin, destination
HAVING MOD(SUM(distance), 6) = 0;
