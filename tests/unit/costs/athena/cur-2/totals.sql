SELECT
  "line_item_currency_code" AS BillingCurrency,
  SUM(TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12))) AS FileCost,
  COUNT(*) AS Lines,
  COUNT(CASE WHEN "line_item_unblended_cost" IS NULL THEN 1 END) AS EmptyLines,
  MIN(CAST("line_item_usage_start_date" AS DATE)) AS FirstDay,
  MAX(CAST("line_item_usage_start_date" AS DATE)) AS LastDay,
  COUNT(
    CASE
      WHEN NOT "line_item_unblended_cost" IS NULL
      AND TRY_CAST("line_item_unblended_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken0,
  COUNT(
    CASE
      WHEN NOT "line_item_net_unblended_cost" IS NULL
      AND TRY_CAST("line_item_net_unblended_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken1,
  COUNT(
    CASE
      WHEN NOT "savings_plan_savings_plan_effective_cost" IS NULL
      AND TRY_CAST("savings_plan_savings_plan_effective_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken2,
  COUNT(
    CASE
      WHEN NOT "savings_plan_total_commitment_to_date" IS NULL
      AND TRY_CAST("savings_plan_total_commitment_to_date" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken3,
  COUNT(
    CASE
      WHEN NOT "savings_plan_used_commitment" IS NULL
      AND TRY_CAST("savings_plan_used_commitment" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken4,
  COUNT(
    CASE
      WHEN NOT "reservation_effective_cost" IS NULL
      AND TRY_CAST("reservation_effective_cost" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken5,
  COUNT(
    CASE
      WHEN NOT "reservation_unused_recurring_fee" IS NULL
      AND TRY_CAST("reservation_unused_recurring_fee" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken6,
  COUNT(
    CASE
      WHEN NOT "reservation_unused_amortized_upfront_fee_for_billing_period" IS NULL
      AND TRY_CAST("reservation_unused_amortized_upfront_fee_for_billing_period" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken7,
  COUNT(
    CASE
      WHEN NOT "savings_plan_recurring_commitment_for_billing_period" IS NULL
      AND TRY_CAST("savings_plan_recurring_commitment_for_billing_period" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken8,
  COUNT(
    CASE
      WHEN NOT "savings_plan_amortized_upfront_commitment_for_billing_period" IS NULL
      AND TRY_CAST("savings_plan_amortized_upfront_commitment_for_billing_period" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken9,
  COUNT(
    CASE
      WHEN NOT "savings_plan_net_recurring_commitment_for_billing_period" IS NULL
      AND TRY_CAST("savings_plan_net_recurring_commitment_for_billing_period" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken10,
  COUNT(
    CASE
      WHEN NOT "savings_plan_net_amortized_upfront_commitment_for_billing_period" IS NULL
      AND TRY_CAST("savings_plan_net_amortized_upfront_commitment_for_billing_period" AS DECIMAL(38, 12)) IS NULL
      THEN 1
    END
  ) AS Broken11
FROM "d"."t"
GROUP BY
  1
