from pathlib import Path

import duckdb
import pytest

from gandeng.simulation.registry import Registry, simulate_registry

PAYMENTS_OF = """
    select '2024-2-' || f.family_id as payment_id, '2024-2' as stage, f.family_id, m.nik, m.name, f.channel,
        case when f.family_id[-2:] = '50' and lag(f.channel) over (order by f.family_id) = f.channel
            then lag(f.account_no) over (order by f.family_id) else f.account_no end as account_no,
        f.village_code[1:5] as district_code, (225000 + (f.family_id[-3:]::bigint % 9) * 75000)::bigint as amount
    from read_parquet('{folder}/families.parquet') f
    join read_parquet('{folder}/members.parquet') m on m.member_id = f.collector_member_id
    where f.status = 'ACTIVE' order by f.family_id"""


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """South Kalimantan, small: every village, few families."""
    return simulate_registry(tmp_path_factory.mktemp("made") / "kalsel", region="63", families=5_000, seed=7)


@pytest.fixture(scope="session")
def payments(province: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A payment list of its active families, as Parquet; some share their account with a neighbour."""
    path = tmp_path_factory.mktemp("list") / "payments.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy ({PAYMENTS_OF.format(folder=province.folder)}) to '{path}'")
    return path
