"""Benchmarks on public data that is not part of the project; `make bench` runs them."""
