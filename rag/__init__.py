"""A question becomes filters and an intent, hits, evidence, and an answer bound to verbatim quotes."""
