"""`python -m digest` is the command `digest`."""

from digest.cli.main import main

if __name__ == "__main__":  # processes that are started beside this one import it under another name
    main()
