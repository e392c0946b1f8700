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
    "line_item_currency_code" AS BillingCurrency,
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
    ) AS DATE) AS ChargePeriodStart,
    COALESCE(NULLIF("line_item_product_code", '')) AS ServiceName,
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
  ChargePeriodStart,
  ServiceName
