SELECT
  "line_item_usage_account_id" AS SubAccountId,
  MAX("line_item_usage_account_name") AS SubAccountName
FROM "d"."t"
GROUP BY
  1
