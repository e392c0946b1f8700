# AWS Config evaluates nothing without a recorder; an account has one in each region, so it is made only when asked for.
resource "aws_config_configuration_recorder" "this" {
  count = var.recorder == null ? 0 : 1

  name     = "default"
  role_arn = var.recorder.role_arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = var.recorder.include_global_resource_types
  }
}

resource "aws_config_delivery_channel" "this" {
  count = var.recorder == null ? 0 : 1

  name           = "default"
  s3_bucket_name = var.recorder.bucket_name

  # AWS refuses a channel before there is a recorder.
  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  count = var.recorder == null ? 0 : 1

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  # AWS refuses to start a recorder that has nowhere to deliver to.
  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_configuration_aggregator" "this" {
  count = var.aggregator == null ? 0 : 1

  name = "${var.name}-organization"
  tags = var.resource_tags

  organization_aggregation_source {
    all_regions = true
    role_arn    = var.aggregator.role_arn
  }
}
