"""Print the cost report: for now as one page of HTML that needs nothing but a browser."""
