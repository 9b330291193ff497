"""``python -m rag``: the command ``rag`` where its script is not on the path."""

import sys

from rag.cli import main

if __name__ == "__main__":
    sys.exit(main())
