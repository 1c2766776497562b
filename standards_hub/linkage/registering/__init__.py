"""Projects with their promises, taken in from a workbook or a CSV with a result for each row, and given out in the same columns."""
