SELECT
  "billingcurrency" AS BillingCurrency,
  SUM(TRY_CAST("billedcost" AS DECIMAL(38, 12))) AS FileCost,
  COUNT(*) AS Lines,
  COUNT(CASE WHEN "billedcost" IS NULL THEN 1 END) AS EmptyLines,
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
  ) AS LastDay,
  COUNT(
    CASE
      WHEN NOT "billedcost" IS NULL AND TRY_CAST("billedcost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken0,
  COUNT(
    CASE
      WHEN NOT "effectivecost" IS NULL
      AND TRY_CAST("effectivecost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken1
FROM "d"."t"
GROUP BY
  1
