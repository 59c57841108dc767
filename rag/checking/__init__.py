"""The draft check (核稿): what a draft claims is looked up in the bulletins, claim by claim."""
