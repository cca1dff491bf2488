"""``python -m bargain`` is the command line."""

from bargain.cli.main import main

if __name__ == "__main__":
    main()
