"""The delivery room: makes a letter for each reader, hands letters to a provider, and says what became of each."""
