terraform {
  backend "s3" {
    bucket       = "anycompany-tagrail-state"
    key          = "dev.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
