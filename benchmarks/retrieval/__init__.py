"""What retrieval is worth on public question sets: ``python -m benchmarks.retrieval FOLDER``."""
