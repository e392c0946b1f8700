variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_sqs_queue" "this" {
  tags = var.tags
}

module "deeper" {
  source = "./deeper"
  tags   = merge(var.tags, { "any:env" = "prod" })
}
