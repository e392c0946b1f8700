variable "tags" {
  type = map(string)
}

resource "aws_sqs_queue" "this" {
  tags = var.tags
}
