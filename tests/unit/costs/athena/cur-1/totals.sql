SELECT
  "line_item_currency_code" AS BillingCurrency,
  SUM(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12))) AS FileCost,
  COUNT(*) AS Lines,
  COUNT(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12))) AS LinesWithCost,
  SUM(
    CASE
      WHEN NOT "line_item_unblended_cost" IS NULL
      AND TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
      ELSE 0
    END
  ) AS BrokenLines,
  MIN(CAST("line_item_usage_start_date" AS DATE)) AS FirstDay,
  MAX(CAST("line_item_usage_start_date" AS DATE)) AS LastDay
FROM "d"."t"
GROUP BY
  1
