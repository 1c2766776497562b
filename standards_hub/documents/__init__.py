"""Generated documents: one model or report object, many writers."""
