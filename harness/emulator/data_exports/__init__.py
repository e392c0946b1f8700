"""AWS Data Exports (bcm-data-exports): exports of the bill, and the tables that they select from."""
