import json
from hashlib import sha256
from pathlib import Path

import gandeng
from gandeng.core.faults import Fault
from gandeng.files.digests import sha256_of
from gandeng.files.intake import explain_note
from gandeng.files.taken import Taken
from gandeng.runs.manifest import input_file, output_files, write_manifest


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"1\n2\n")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    unread = Fault("bankfiles.charges", facts={"kind": "", "count": 1, "rupiah": "Rp6.500"})
    taken = Taken("bri.csv", "abc", 2, 450_000, "select 1", (unread,), ())
    read = input_file("results", Path("bri.csv"), taken)
    write_manifest(
        tmp_path, kind="reconcile", inputs=[read], outputs=output_files(tmp_path, {"b.csv": 2}), stages=["2024-2"]
    )
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (told["kind"], told["version"], told["stages"]) == ("reconcile", gandeng.__version__, ["2024-2"])
    assert told["inputs"] == [
        {"role": "results", "source": "bri.csv", "path": str(Path("bri.csv").resolve()), "sha256": "abc", "rows": 2,
         "total_rupiah": 450_000, "notes": [explain_note(unread)], "profile": None},
    ]  # fmt: skip
    assert [(one["name"], one["rows"]) for one in told["outputs"]] == [("a.pdf", None), ("b.csv", 2)]
    assert told["outputs"][1]["sha256"] == sha256(b"1\n2\n").hexdigest()


def test_it_lists_itself_never(tmp_path: Path) -> None:
    write_manifest(tmp_path, kind="entitle", inputs=[], outputs=[])
    assert output_files(tmp_path, {}) == []


def test_a_digest_is_of_all_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5_000
    (tmp_path / "big").write_bytes(content)
    assert sha256_of(tmp_path / "big") == sha256(content).hexdigest()
