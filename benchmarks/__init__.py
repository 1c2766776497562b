"""Speed, shown and not tested: the hub on PostgreSQL beside a floor measured in the same run. `make bench`."""
