# Nobody calls this module, so nobody sees its provider.
resource "aws_sqs_queue" "alone" {
  tags = { "any:env" = "staging" }
}
