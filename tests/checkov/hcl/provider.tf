variable "later" {
  type = string
}

variable "later_tags" {
  type = map(string)
}

variable "given" {
  type = string # terraform.tfvars
}

variable "defaulted" {
  type    = map(string)
  default = { "any:env" = "dev" }
}

locals {
  all = {
    "any:app"   = "fraud-model"
    "any:env"   = "prod"
    "any:owner" = "platform"
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "defaults"
  region = "eu-central-1"

  default_tags {
    tags = { "any:env" = "prod", "any:owner" = "platform" }
  }
}

provider "aws" {
  alias  = "later"
  region = "eu-central-1"

  default_tags {
    tags = var.later_tags
  }
}
