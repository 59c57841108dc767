"""Jianbao beside its peers; see `benchmarks.peers.__main__`."""
