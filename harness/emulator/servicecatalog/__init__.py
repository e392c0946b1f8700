"""AWS Service Catalog: TagOptions, and the portfolios and products that offer them."""
