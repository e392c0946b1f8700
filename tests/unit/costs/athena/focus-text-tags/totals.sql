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
  MIN(
    CAST(COALESCE(
      COALESCE(
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y %H:%i')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y %H:%i')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y %T')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y %T'))
      ),
      TRY_CAST(SUBSTR("chargeperiodstart", 1, 10) AS TIMESTAMP)
    ) AS DATE)
  ) AS FirstDay,
  MAX(
    CAST(COALESCE(
      COALESCE(
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y %H:%i')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y %H:%i')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%y %T')),
        TRY(DATE_PARSE("chargeperiodstart", '%m/%d/%Y %T'))
      ),
      TRY_CAST(SUBSTR("chargeperiodstart", 1, 10) AS TIMESTAMP)
    ) AS DATE)
  ) AS LastDay
FROM "d"."t"
GROUP BY
  1
