SELECT
  "line_item_usage_account_id" AS SubAccountId,
  MAX(CAST(NULL AS VARCHAR)) AS SubAccountName
FROM "d"."t"
GROUP BY
  1
