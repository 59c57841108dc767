"""Material packs for speechwriters: passages chosen, grouped, and set as docx, Markdown or plain text."""
