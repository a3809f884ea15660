"""The sign-up for programs, asked whatever its description allows, and what it does not: `make fuzz-api`."""
