SELECT
  "line_item_currency_code" AS BillingCurrency,
  SUM(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12))) AS FileCost,
  COUNT(*) AS Lines,
  COUNT(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12))) AS LinesWithCost,
  SUM(
    CASE
      WHEN NOT NULLIF("line_item_unblended_cost", '') IS NULL
      AND TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
      ELSE 0
    END
  ) AS BrokenLines,
  MIN(
    CAST(COALESCE(
      COALESCE(
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y %H:%i')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y %H:%i')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y %T')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y %T'))
      ),
      TRY_CAST(SUBSTR("line_item_usage_start_date", 1, 10) AS TIMESTAMP)
    ) AS DATE)
  ) AS FirstDay,
  MAX(
    CAST(COALESCE(
      COALESCE(
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y %H:%i')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y %H:%i')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%y %T')),
        TRY(DATE_PARSE("line_item_usage_start_date", '%m/%d/%Y %T'))
      ),
      TRY_CAST(SUBSTR("line_item_usage_start_date", 1, 10) AS TIMESTAMP)
    ) AS DATE)
  ) AS LastDay
FROM "d"."t"
GROUP BY
  1
