"""Files become documents, articles and passages that keep their exact place in the source."""
