"""`python -m kipp_portal.embedded DIRECTORY [test]`: the keeper of a directory."""

import sys
from pathlib import Path

from kipp_portal.embedded import Home, keeper

keeper.main(Home(Path(sys.argv[1]), test="test" in sys.argv[2:]))
