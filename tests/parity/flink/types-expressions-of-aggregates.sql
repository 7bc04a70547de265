-- mode: streaming; functions over what aggregates give
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, UPPER(MIN(s)) AS a, MAX(da) = DATE '2024-02-29' AS b, COALESCE(MAX(s), 'none') AS c, CAST(SUM(v) AS STRING) || '/' || CAST(COUNT(*) AS STRING) AS d, AVG(v) AS e, AVG(CAST(v AS DOUBLE)) AS f, ABS(MIN(v)) AS g, CASE WHEN COUNT(v) > 2 THEN MAX(d) ELSE MIN(d) END AS h
FROM TABLE(TUMBLE(TABLE typed, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
