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
          "billingcurrency" AS BillingCurrency,
          "subaccountid" AS SubAccountId,
          "servicename" AS ServiceName,
          "regionid" AS RegionId,
          "resourceid" AS ResourceId,
          JSON_FORMAT(CAST("tags" AS JSON)) AS Tags,
          TRY_CAST("billedcost" AS DECIMAL(38, 12)) AS BilledCost,
          TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS EffectiveCost,
          TRY_CAST("effectivecost" AS DECIMAL(38, 12)) AS x_AmortizedCost
        FROM "d"."t"
        WHERE
          CASE WHEN NULLIF("resourceid", '') IS NULL OR "resourceid" = '' THEN 0 ELSE 1 END = 1
          AND NOT COALESCE("chargecategory", '') IN ('Tax', 'Credit', 'Adjustment', 'Purchase')
          AND NOT COALESCE(
            (
              COALESCE(
                ELEMENT_AT("tags", 'team:owner'),
                ELEMENT_AT("tags", 'user:team:owner'),
                ELEMENT_AT("tags", 'user_team_owner'),
                ELEMENT_AT("tags", 'team_owner')
              ) <> ''
            )
            AND (
              COALESCE(
                ELEMENT_AT("tags", 'team:unit'),
                ELEMENT_AT("tags", 'user:team:unit'),
                ELEMENT_AT("tags", 'user_team_unit'),
                ELEMENT_AT("tags", 'team_unit')
              ) IN ('Retail', 'It''s')
              OR COALESCE(
                ELEMENT_AT("tags", 'team:unit'),
                ELEMENT_AT("tags", 'user:team:unit'),
                ELEMENT_AT("tags", 'user_team_unit'),
                ELEMENT_AT("tags", 'team_unit')
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
