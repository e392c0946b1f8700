SELECT
  "subaccountid" AS SubAccountId,
  MAX("subaccountname") AS SubAccountName
FROM "d"."t"
GROUP BY
  1
