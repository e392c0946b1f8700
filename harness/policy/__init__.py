"""Parse, merge, judge and lint tag policies, service control policies and IAM policies; pure, without AWS."""
