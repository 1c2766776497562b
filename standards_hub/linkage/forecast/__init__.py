"""The forecast: what of the work under way will be published by the day of a target, as a range that past forecasts have earned."""
