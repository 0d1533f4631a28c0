"""`python -m gandeng.cli`: the command, where the installed script is not at hand."""

from gandeng.cli.start import main

if __name__ == "__main__":
    main()
