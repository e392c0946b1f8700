cost_categories = { A = { rules = [{ value = "A", service_codes = ["Amazon SageMaker"] }] } }
