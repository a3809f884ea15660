"""The command line. Everything that is printed is printed here."""
