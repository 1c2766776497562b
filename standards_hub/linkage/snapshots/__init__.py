"""Snapshots of a plan: what counted on a day, signed, chained, never changed; and what became different between two of them."""
