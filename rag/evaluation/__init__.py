"""How good the answers are: a question file is put to the library and scored."""
