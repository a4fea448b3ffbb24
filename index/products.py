"""Matrix products of one question's size, on the calling thread alone."""

import numpy as np
import numpy.typing as npt

from index.encoder import Floats

#: Multiplications up to which OpenBLAS keeps to one thread (its SMP_THRESHOLD_MIN times GEMM_MULTITHREAD_THRESHOLD).
#: Above it it waits for a second thread while those of the encoder still spin: on 2 busy cores the product of 3,500
#: tokens with a question took 25 ms so, and takes .4 ms in blocks.
_ONE_THREAD = 65_536 * 4


def product(many: npt.NDArray[np.float32] | npt.NDArray[np.int8], few: Floats) -> Floats:
    """`many @ few` for shapes (rows, width) and (width, columns), in blocks that stay on this thread."""
    rows, width = many.shape
    columns = few.shape[1]
    block = max(1, _ONE_THREAD // max(1, width * columns))
    if rows <= block:
        return np.asarray(many.astype(np.float32, copy=False) @ few, dtype=np.float32)
    blocks = -(-rows // block)
    padded = np.empty((blocks * block, width), dtype=np.float32)
    padded[:rows] = many
    padded[rows:] = 0.0
    return np.asarray(
        np.matmul(padded.reshape(blocks, block, width), few).reshape(-1, columns)[:rows], dtype=np.float32
    )


def dots(many: Floats, one: Floats) -> Floats:
    """Dot product of each row with `one`; row by row, so that no row count brings in a second thread."""
    return np.asarray(np.vecdot(many, one), dtype=np.float32)
