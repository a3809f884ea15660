"""The checks, by subject: each looks at one thing and says what is wrong with it."""
