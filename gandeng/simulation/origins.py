"""Places of first registration: the home, and sixteen other sub-districts people moved from.

The j-th other place of a sub-district lies a fixed number of places on in the list of all sub-districts, so that each
(other place, j) belongs to one sub-district alone: this is what keeps NIKs unique without a table of all of them.
"""

import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.regions import places

_STEPS_AWAY = (1, 2, 3, 5, 8, 13, -1, -2, -3, -5, 60, -60, 400, 1500, 3100, 5200)


def origin_table() -> pa.Table:
    """`sub_district_no`, `origin` (0 the home, 1 to 16), `digits` and `digits_then` (before the split of 2022)."""
    codes = pq.ParquetFile(places.data_file("sub_districts.parquet")).read(["code"])["code"].to_pylist()
    then = _codes_then()
    numbers, origins, digits = [], [], []
    for origin, step in enumerate((0, *_STEPS_AWAY)):
        numbers += [int(code) for code in codes]
        origins += [origin] * len(codes)
        digits += [codes[(place + step) % len(codes)] for place in range(len(codes))]
    return pa.table({
        "sub_district_no": pa.array(numbers, pa.int64()),
        "origin": pa.array(origins, pa.int64()),
        "digits": digits,
        "digits_then": [then.get(code, code) for code in digits],
    })  # fmt: skip


def _codes_then() -> dict[str, str]:
    """Today's sub-district -> the code it had before, where exactly one is known."""
    rows = pq.ParquetFile(places.data_file("replaced_by.parquet")).read().to_pylist()
    return {row["replaced_by"]: row["code"] for row in rows if len(row["code"]) == SUB_DISTRICT_DIGITS and row["year"]}
