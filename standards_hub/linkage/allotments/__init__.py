"""A target divided among years, fields, regions and units in whole numbers, and what was allotted against what counts."""
