SELECT
  BillingCurrency,
  BillingPeriodStart,
  BillingAccountId,
  SubAccountId,
  ServiceName,
  RegionId,
  ChargeCategory,
  HasResource,
  x_UsageType,
  x_ServiceCode,
  x_RecordType,
  Tags,
  COALESCE(SUM(BilledCost), 0) AS BilledCost,
  COALESCE(SUM(EffectiveCost), 0) AS EffectiveCost,
  COALESCE(SUM(x_AmortizedCost), 0) AS x_AmortizedCost,
  COUNT(*) AS Lines
FROM (
  SELECT
    "billingcurrency" AS BillingCurrency,
    CAST(DATE_TRUNC('MONTH', CAST("billingperiodstart" AS DATE)) AS DATE) AS BillingPeriodStart,
    "billingaccountid" AS BillingAccountId,
    "subaccountid" AS SubAccountId,
    "servicename" AS ServiceName,
    "regionid" AS RegionId,
    "chargecategory" AS ChargeCategory,
    CASE WHEN NULLIF("resourceid", '') IS NULL OR "resourceid" = '' THEN 0 ELSE 1 END AS HasResource,
    CASE WHEN "servicename" LIKE '%SageMaker%' THEN CAST(NULL AS VARCHAR) END AS x_UsageType,
    CAST(NULL AS VARCHAR) AS x_ServiceCode,
    CAST(NULL AS VARCHAR) AS x_RecordType,
    "tags" AS Tags,
    TRY_CAST("billedcost" AS DECIMAL(38, 12)) AS BilledCost,
    TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS EffectiveCost,
    TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS x_AmortizedCost
  FROM "d"."t"
) AS charges
GROUP BY
  BillingCurrency,
  BillingPeriodStart,
  BillingAccountId,
  SubAccountId,
  ServiceName,
  RegionId,
  ChargeCategory,
  HasResource,
  x_UsageType,
  x_ServiceCode,
  x_RecordType,
  Tags
