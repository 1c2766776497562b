"""What users do to enquiries and comments, one function each."""
