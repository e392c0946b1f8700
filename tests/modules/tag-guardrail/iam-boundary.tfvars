name            = "x"
groups          = ["s3"]
tags            = { owner = {} }
exact_spelling  = true
iam_policy      = { boundary = true, path = "/guardrail/" }
without_actions = ["s3:CreateBucket"]
further_actions = { "sqs:CreateQueue" = ["arn:*:sqs:*:*:*"] }
