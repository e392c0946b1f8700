SELECT
  BillingCurrency,
  ChargePeriodStart,
  ServiceName,
  COALESCE(SUM(BilledCost), 0) AS BilledCost,
  COALESCE(SUM(EffectiveCost), 0) AS EffectiveCost,
  COALESCE(SUM(x_AmortizedCost), 0) AS x_AmortizedCost,
  COUNT(*) AS Lines
FROM (
  SELECT
    "billingcurrency" AS BillingCurrency,
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
    ) AS DATE) AS ChargePeriodStart,
    "servicename" AS ServiceName,
    TRY_CAST("billedcost" AS DECIMAL(38, 12)) AS BilledCost,
    TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS EffectiveCost,
    TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS x_AmortizedCost
  FROM "d"."t"
) AS charges
GROUP BY
  BillingCurrency,
  ChargePeriodStart,
  ServiceName
