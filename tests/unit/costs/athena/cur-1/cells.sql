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
  Tag0,
  Tag1,
  COALESCE(SUM(BilledCost), 0) AS BilledCost,
  COALESCE(SUM(EffectiveCost), 0) AS EffectiveCost,
  COALESCE(SUM(x_AmortizedCost), 0) AS x_AmortizedCost,
  COUNT(*) AS Lines
FROM (
  SELECT
    "line_item_currency_code" AS BillingCurrency,
    CAST(DATE_TRUNC('MONTH', CAST("bill_billing_period_start_date" AS DATE)) AS DATE) AS BillingPeriodStart,
    "bill_payer_account_id" AS BillingAccountId,
    "line_item_usage_account_id" AS SubAccountId,
    COALESCE(NULLIF("line_item_product_code", '')) AS ServiceName,
    COALESCE(NULLIF("product_region", '')) AS RegionId,
    CASE
      WHEN "line_item_line_item_type" IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation')
      THEN 'Usage'
      WHEN "line_item_line_item_type" IN ('Fee', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
      THEN 'Purchase'
      WHEN "line_item_line_item_type" IN ('Tax')
      THEN 'Tax'
      WHEN "line_item_line_item_type" IN ('Credit', 'Refund')
      THEN 'Credit'
      WHEN "line_item_line_item_type" LIKE '%Discount'
      THEN 'Adjustment'
      ELSE "line_item_line_item_type"
    END AS ChargeCategory,
    CASE
      WHEN NULLIF("line_item_resource_id", '') IS NULL OR "line_item_resource_id" = ''
      THEN 0
      ELSE 1
    END AS HasResource,
    CASE
      WHEN COALESCE(NULLIF("line_item_product_code", '')) LIKE '%SageMaker%'
      THEN "line_item_usage_type"
    END AS x_UsageType,
    COALESCE(NULLIF("line_item_product_code", '')) AS x_ServiceCode,
    "line_item_line_item_type" AS x_RecordType,
    "resource_tags_user_team_owner" AS Tag0,
    "resource_tags_user_team_unit" AS Tag1,
    CASE
      WHEN "line_item_line_item_type" IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
      THEN 0
      ELSE COALESCE(
        TRY_CAST("line_item_net_unblended_cost" AS DECIMAL(38, 12)),
        CASE
          WHEN "line_item_line_item_type" LIKE '%Discount'
          THEN 0
          ELSE COALESCE(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)), 0)
        END
      )
    END AS BilledCost,
    CASE
      WHEN "line_item_line_item_type" = 'SavingsPlanCoveredUsage'
      THEN COALESCE(TRY_CAST("savings_plan_savings_plan_effective_cost" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'SavingsPlanRecurringFee'
      THEN COALESCE(TRY_CAST("savings_plan_total_commitment_to_date" AS DECIMAL(38, 12)), 0) - COALESCE(TRY_CAST("savings_plan_used_commitment" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee')
      THEN 0
      WHEN "line_item_line_item_type" = 'Refund'
      AND "line_item_product_code" LIKE '%SavingsPlans'
      THEN 0
      WHEN "line_item_line_item_type" = 'DiscountedUsage'
      THEN COALESCE(TRY_CAST("reservation_effective_cost" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'RIFee'
      THEN COALESCE(
        TRY_CAST("reservation_unused_amortized_upfront_fee_for_billing_period" AS DECIMAL(38, 12)),
        0
      ) + COALESCE(TRY_CAST("reservation_unused_recurring_fee" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'Fee'
      AND COALESCE("reservation_reservation_a_r_n", '') <> ''
      THEN 0
      ELSE COALESCE(
        TRY_CAST("line_item_net_unblended_cost" AS DECIMAL(38, 12)),
        CASE
          WHEN "line_item_line_item_type" LIKE '%Discount'
          THEN 0
          ELSE COALESCE(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)), 0)
        END
      )
    END AS EffectiveCost,
    CASE
      WHEN "line_item_line_item_type" = 'SavingsPlanCoveredUsage'
      THEN COALESCE(TRY_CAST("savings_plan_savings_plan_effective_cost" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'SavingsPlanRecurringFee'
      THEN COALESCE(TRY_CAST("savings_plan_total_commitment_to_date" AS DECIMAL(38, 12)), 0) - COALESCE(TRY_CAST("savings_plan_used_commitment" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee')
      THEN 0
      WHEN "line_item_line_item_type" = 'Refund'
      AND "line_item_product_code" LIKE '%SavingsPlans'
      THEN 0
      WHEN "line_item_line_item_type" = 'DiscountedUsage'
      THEN COALESCE(TRY_CAST("reservation_effective_cost" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'RIFee'
      THEN COALESCE(
        TRY_CAST("reservation_unused_amortized_upfront_fee_for_billing_period" AS DECIMAL(38, 12)),
        0
      ) + COALESCE(TRY_CAST("reservation_unused_recurring_fee" AS DECIMAL(38, 12)), 0)
      WHEN "line_item_line_item_type" = 'Fee'
      AND COALESCE("reservation_reservation_a_r_n", '') <> ''
      THEN 0
      ELSE COALESCE(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)), 0)
    END AS x_AmortizedCost
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
  Tag0,
  Tag1
