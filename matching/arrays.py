"""Names for the arrays that rooms hand to each other; what an axis means is said where the array is."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]  # 0: nothing there
Vectors = npt.NDArray[np.float32]  # of texts: rows on the grid of `texts.grid`, zero without text
