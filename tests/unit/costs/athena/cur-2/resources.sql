SELECT
  BillingCurrency,
  SubAccountId,
  ServiceName,
  RegionId,
  ResourceId,
  Tags,
  BilledCost,
  EffectiveCost,
  x_AmortizedCost,
  Lines
FROM (
  SELECT
    BillingCurrency,
    SubAccountId,
    ServiceName,
    RegionId,
    ResourceId,
    Tags,
    BilledCost,
    EffectiveCost,
    x_AmortizedCost,
    Lines,
    DENSE_RANK() OVER (
      PARTITION BY BillingCurrency
      ORDER BY Whole DESC, BillingCurrency, SubAccountId, ServiceName, RegionId, ResourceId
    ) AS Place
  FROM (
    SELECT
      BillingCurrency,
      SubAccountId,
      ServiceName,
      RegionId,
      ResourceId,
      Tags,
      BilledCost,
      EffectiveCost,
      x_AmortizedCost,
      Lines,
      SUM(EffectiveCost) OVER (PARTITION BY BillingCurrency, SubAccountId, ServiceName, RegionId, ResourceId) AS Whole
    FROM (
      SELECT
        BillingCurrency,
        SubAccountId,
        ServiceName,
        RegionId,
        ResourceId,
        Tags,
        COALESCE(SUM(BilledCost), 0) AS BilledCost,
        COALESCE(SUM(EffectiveCost), 0) AS EffectiveCost,
        COALESCE(SUM(x_AmortizedCost), 0) AS x_AmortizedCost,
        COUNT(*) AS Lines
      FROM (
        SELECT
          "line_item_currency_code" AS BillingCurrency,
          "line_item_usage_account_id" AS SubAccountId,
          COALESCE(
            NULLIF(ELEMENT_AT("product", 'product_name'), ''),
            NULLIF("line_item_product_code", '')
          ) AS ServiceName,
          COALESCE(NULLIF("product_region", '')) AS RegionId,
          "line_item_resource_id" AS ResourceId,
          JSON_FORMAT(CAST("resource_tags" AS JSON)) AS Tags,
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
            THEN COALESCE(
              TRY_CAST(CAST(CAST(COALESCE(TRY_CAST("savings_plan_total_commitment_to_date" AS DECIMAL(38, 12)), 0) - COALESCE(TRY_CAST("savings_plan_used_commitment" AS DECIMAL(38, 12)), 0) AS DOUBLE) * CAST(COALESCE(
                TRY_CAST("savings_plan_net_recurring_commitment_for_billing_period" AS DECIMAL(38, 12)),
                TRY_CAST("savings_plan_recurring_commitment_for_billing_period" AS DECIMAL(38, 12)),
                0
              ) + COALESCE(
                TRY_CAST("savings_plan_net_amortized_upfront_commitment_for_billing_period" AS DECIMAL(38, 12)),
                TRY_CAST("savings_plan_amortized_upfront_commitment_for_billing_period" AS DECIMAL(38, 12)),
                0
              ) AS DOUBLE) AS DOUBLE) / NULLIF(
                CAST(COALESCE(
                  TRY_CAST("savings_plan_recurring_commitment_for_billing_period" AS DECIMAL(38, 12)),
                  0
                ) + COALESCE(
                  TRY_CAST("savings_plan_amortized_upfront_commitment_for_billing_period" AS DECIMAL(38, 12)),
                  0
                ) AS DOUBLE),
                0
              ) AS DECIMAL(38, 12)),
              COALESCE(TRY_CAST("savings_plan_total_commitment_to_date" AS DECIMAL(38, 12)), 0) - COALESCE(TRY_CAST("savings_plan_used_commitment" AS DECIMAL(38, 12)), 0)
            )
            WHEN "line_item_line_item_type" IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee')
            THEN 0
            WHEN "line_item_line_item_type" = 'Refund'
            AND "line_item_line_item_description" LIKE 'Refund for one-time fee for Savings Plan ID%'
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
            AND "line_item_line_item_description" LIKE 'Refund for one-time fee for Savings Plan ID%'
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
        WHERE
          CASE
            WHEN NULLIF("line_item_resource_id", '') IS NULL OR "line_item_resource_id" = ''
            THEN 0
            ELSE 1
          END = 1
          AND NOT COALESCE(
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
            END,
            ''
          ) IN ('Tax', 'Credit', 'Adjustment', 'Purchase')
          AND NOT COALESCE(
            (
              COALESCE(
                ELEMENT_AT("resource_tags", 'team:owner'),
                ELEMENT_AT("resource_tags", 'user:team:owner'),
                ELEMENT_AT("resource_tags", 'user_team_owner'),
                ELEMENT_AT("resource_tags", 'team_owner')
              ) <> ''
            )
            AND (
              COALESCE(
                ELEMENT_AT("resource_tags", 'team:unit'),
                ELEMENT_AT("resource_tags", 'user:team:unit'),
                ELEMENT_AT("resource_tags", 'user_team_unit'),
                ELEMENT_AT("resource_tags", 'team_unit')
              ) IN ('Retail', 'It''s')
              OR COALESCE(
                ELEMENT_AT("resource_tags", 'team:unit'),
                ELEMENT_AT("resource_tags", 'user:team:unit'),
                ELEMENT_AT("resource_tags", 'user_team_unit'),
                ELEMENT_AT("resource_tags", 'team_unit')
              ) LIKE '1^_0^%%' ESCAPE '^'
            ),
            FALSE
          )
      ) AS charges
      GROUP BY
        BillingCurrency,
        SubAccountId,
        ServiceName,
        RegionId,
        ResourceId,
        Tags
    ) AS tagged
  ) AS summed
) AS placed
WHERE
  Place <= 1000
