SELECT
  "billingcurrency" AS BillingCurrency,
  SUM(TRY_CAST("billedcost" AS DECIMAL(38, 12))) AS FileCost,
  COUNT(*) AS Lines,
  COUNT(TRY_CAST("billedcost" AS DECIMAL(38, 12))) AS LinesWithCost,
  SUM(
    CASE
      WHEN NOT "billedcost" IS NULL AND TRY_CAST("billedcost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
      ELSE 0
    END
  ) AS BrokenLines,
  MIN(CAST("chargeperiodstart" AS DATE)) AS FirstDay,
  MAX(CAST("chargeperiodstart" AS DATE)) AS LastDay
FROM "d"."t"
GROUP BY
  1
