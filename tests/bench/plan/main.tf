# What the plans of `make bench-check` are made of; ../template.py plans it with the real provider.

terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = false

  default_tags {
    tags = {
      "anycompany:finance:business-unit"        = "Retail"
      "anycompany:finance:cost-center"          = "Retail-3300"
      "anycompany:finance:owner"                = "team-checkout"
      "anycompany:security:data-classification" = "internal"
    }
  }
}

# service name -> version that its tags show
variable "services" {
  type        = map(string)
  description = "Services, by name: each is one instance of the module."
  nullable    = false
}

locals {
  tags = {
    "anycompany:workload:application-id" = "network"
    "anycompany:workload:environment"    = "prod"
  }
}

module "service" {
  source   = "./service"
  for_each = var.services

  name    = each.key
  release = each.value

  subnet_id = aws_subnet.this.id
  vpc_id    = aws_vpc.this.id
  zone_id   = aws_route53_zone.this.id
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = local.tags
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/20"
  tags       = local.tags
}

resource "aws_route53_zone" "this" {
  name = "example.com"
  tags = local.tags
}
